#include <algorithm>
#include <cmath>

#include "tools/cli/bisect.hpp"

namespace locus::cli {
namespace {

constexpr double close = 1e-3;  // of the largest value: too near for chance

double largest_of(ConstView values) {
  double largest = 0;
  for (int64_t row = 0; row < values.size(0); ++row) {
    for (const float value : values.row(row)) largest = std::max(largest, std::abs(double{value}));
  }
  return largest;
}

/// The number that our values times it come nearest to the reference; none where they stay apart.
std::optional<double> ratio_of(const NodePair& pair) {
  double together = 0, own = 0;
  for (int64_t row = 0; row < pair.found.size(0); ++row) {
    const auto found = pair.found.row(row), expected = pair.expected.row(row);
    for (size_t i = 0; i < found.size(); ++i) {
      together += double{found[i]} * expected[i];
      own += double{found[i]} * found[i];
    }
  }
  if (own == 0) return std::nullopt;
  const double ratio = together / own;
  const double allowed = close * largest_of(pair.expected);
  for (int64_t row = 0; row < pair.found.size(0); ++row) {
    const auto found = pair.found.row(row), expected = pair.expected.row(row);
    for (size_t i = 0; i < found.size(); ++i) {
      if (std::abs(ratio * found[i] - expected[i]) > allowed) return std::nullopt;
    }
  }
  return ratio;
}

bool rows_agree(std::span<const float> a, std::span<const float> b, double allowed) {
  return std::ranges::equal(a, b,
                            [&](float x, float y) { return std::abs(double{x} - y) <= allowed; });
}

/// How many rows further down our rows lie than the reference's; 0 where they lie nowhere.
int64_t offset_of(const NodePair& pair) {
  const int64_t rows = pair.found.size(0);
  const double allowed = close * largest_of(pair.expected);
  for (const int64_t offset : {1, -1, 2, -2}) {
    if (rows < 4) break;
    bool agree = true;
    for (int64_t row = std::max<int64_t>(0, -offset); row < std::min(rows, rows - offset); ++row) {
      agree = agree && rows_agree(pair.found.row(row + offset), pair.expected.row(row), allowed);
    }
    if (agree) return offset;
  }
  return 0;
}

/// Whether each row holds the reference's values in another order.
bool reordered(const NodePair& pair) {
  const double allowed = close * largest_of(pair.expected);
  for (int64_t row = 0; row < pair.found.size(0); ++row) {
    std::vector<float> found(pair.found.row(row).begin(), pair.found.row(row).end());
    std::vector<float> expected(pair.expected.row(row).begin(), pair.expected.row(row).end());
    std::ranges::sort(found);
    std::ranges::sort(expected);
    if (!rows_agree(found, expected, allowed)) return false;
  }
  return true;
}

/// What the values themselves say, whatever the node.
std::vector<std::string> signs(const NodePair& pair) {
  std::vector<std::string> causes;
  if (const auto ratio = ratio_of(pair)) {
    causes.push_back("the reference is " + significant(*ratio, 6) +
                     " times as large: a scale (the root of the width is " +
                     significant(std::sqrt(static_cast<double>(pair.found.size(1))), 6) + ")");
  }
  if (const int64_t offset = offset_of(pair); offset != 0) {
    causes.push_back("row r of the reference is row r " + std::string(offset > 0 ? "+ " : "- ") +
                     std::to_string(std::abs(offset)) + " here: an offset of positions");
  }
  if (causes.empty() && reordered(pair)) {
    causes.push_back(
        "the values are those of the reference in another order: interleaved against halves");
  }
  return causes;
}

std::vector<std::string> causes_of_attention(const NodePair& pair) {
  const int64_t last = pair.found.size(0) - 1;
  const double allowed = close * largest_of(pair.expected);
  const auto agrees = [&](int64_t row) {
    return rows_agree(pair.found.row(row), pair.expected.row(row), allowed);
  };
  if (last > 0 && agrees(last) && !agrees(0)) {
    return {"the last row agrees and earlier ones do not: what a row may see (causal or not)"};
  }
  if (last > 0 && agrees(0)) {
    return {"the first row agrees and later ones do not: what depends on the distance",
            "RoPE's pairing (half or interleaved), base, rotated share or scaling",
            "a bias's buckets, direction or sharing between layers", "a sliding window"};
  }
  return {"the scale of scores (1/sqrt(d), or 1 as in T5)", "a fused projection cut another way",
          "the encoding's hook on values (NEZHA, Shaw, rotary_value)", "what a row may see"};
}

std::vector<std::string> causes_of_kind(const NodePair& pair, const NodeMatch& match) {
  const std::string& kind = pair.node.kind;
  if (kind == "attention") return causes_of_attention(pair);
  if (kind == "norm") {
    return {match.relative < 1e-2 ? "the epsilon" : "LayerNorm against RMSNorm, or another epsilon",
            "a gain stored as an offset from 1", "pre-norm against post-norm"};
  }
  if (kind == "feed_forward") {
    return {match.relative < 2e-2 ? "GELU's exact form against its tanh form" : "the activation",
            "gate and up in another order"};
  }
  if (kind == "linear") {
    return {"a matrix stored as [in, out]", "the activation", "a head that is tied, or not"};
  }
  if (kind == "embedding") {
    return {"another vocabulary", "other token types", "a scale of token vectors"};
  }
  if (kind == "position") {
    return {"another variant of the sinusoid (locus position --check says which)",
            "an offset of positions (BART's 2, RoBERTa's padding)",
            "positions that the reference adds elsewhere"};
  }
  if (kind == "gather" || kind == "pool") return {"another row, or another way of pooling"};
  return {"an input that the reference does not name"};
}

}  // namespace

std::vector<std::string> likely_causes(const NodePair& pair, const NodeMatch& match) {
  std::vector<std::string> causes = signs(pair);
  if (causes.empty()) causes = causes_of_kind(pair, match);
  return causes;
}

}  // namespace locus::cli
