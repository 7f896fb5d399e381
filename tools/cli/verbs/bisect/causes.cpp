#include <algorithm>
#include <bit>
#include <cmath>

#include "tools/cli/verbs/bisect/bisect.hpp"

namespace locus::cli {
namespace {

constexpr double nearness = 1e-3;    // of the largest value: too near for chance
constexpr double no_scale = 0.05;    // a ratio so near 1 is no factor that a model has
constexpr double fine = 2e-2;        // of the largest value: below it no layer is another
constexpr double beyond_bf16 = 0.1;  // of the largest value: no rounding makes so much

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
  const double allowed = nearness * largest_of(pair.expected);
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
  const double allowed = nearness * largest_of(pair.expected);
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
  const double allowed = nearness * largest_of(pair.expected);
  for (int64_t row = 0; row < pair.found.size(0); ++row) {
    std::vector<float> found(pair.found.row(row).begin(), pair.found.row(row).end());
    std::vector<float> expected(pair.expected.row(row).begin(), pair.expected.row(row).end());
    std::ranges::sort(found);
    std::ranges::sort(expected);
    if (!rows_agree(found, expected, allowed)) return false;
  }
  return true;
}

/// Whether all values end in so many zero bits: they were rounded to a shorter type.
bool ends_in_zeros(ConstView values, int bits) {
  const uint32_t tail = (uint32_t{1} << bits) - 1;
  for (int64_t row = 0; row < values.size(0); ++row) {
    for (const float value : values.row(row)) {
      if (std::bit_cast<uint32_t>(value) & tail) return false;
    }
  }
  return true;
}

/// What the values themselves say, whatever the node.
std::vector<std::string> signs(const NodePair& pair, const NodeMatch& match) {
  std::vector<std::string> causes;
  const auto ratio = ratio_of(pair);
  if (ratio && std::abs(*ratio - 1) > no_scale) {
    causes.push_back("the reference is " + significant(*ratio, 6) +
                     " times as large: a scale (the root of the width is " +
                     significant(std::sqrt(static_cast<double>(pair.found.size(1))), 6) + ")");
  }
  if (match.relative < nearness) return causes;  // the rows agree as they are
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

/// A reference that was computed or stored in 16 bits, as its values show; empty for any other.
std::string rounded_type(const NodePair& pair, const NodeMatch& match) {
  if (match.relative > beyond_bf16) return {};
  if (ends_in_zeros(pair.expected, 16)) return "bf16";
  return ends_in_zeros(pair.expected, 13) ? "f16" : "";
}

/// Of two values of one row, where others differ as `match` says.
double agreement(const NodePair& pair, const NodeMatch& match) {
  return std::min(nearness, match.relative / 10) * largest_of(pair.expected);
}

/// Rows from the first on that agree.
int64_t agreeing_rows(const NodePair& pair, double allowed) {
  int64_t row = 0;
  while (row < pair.found.size(0) &&
         rows_agree(pair.found.row(row), pair.expected.row(row), allowed)) {
    ++row;
  }
  return row;
}

const std::string score_scale_cause =
    "the scale of scores (1/sqrt(d), 1 as in T5, or divided by the layer's number)";
const std::string rope_cause =
    "RoPE's pairing (half or interleaved), base, rotated share or scaling";
const std::string window_cause = "a sliding window";

/// Of queries that see themselves and what is before them: row 0 has one key, whose share is 1
/// whatever the scores are, and row 1 has two.
std::vector<std::string> causes_of_causal(int64_t agreeing) {
  if (agreeing == 1) {
    return {"the first row sees itself alone and agrees: values are right and scores are not",
            score_scale_cause, rope_cause, "a bias's slopes, buckets or sharing between layers",
            "a fused projection cut another way"};
  }
  return {"the first " + std::to_string(agreeing) +
              " rows agree and later ones do not: what depends on distances beyond theirs",
          window_cause, "a bias's buckets or a clip of distances", "RoPE's scaling"};
}

std::vector<std::string> causes_of_attention(const NodePair& pair, const NodeMatch& match) {
  const double allowed = agreement(pair, match);
  const int64_t rows = pair.found.size(0), agreeing = agreeing_rows(pair, allowed);
  const bool causal = pair.node.attributes.text(pair.node.name, "visibility", "all") != "all";
  const bool last_agrees =
      rows > 0 && rows_agree(pair.found.row(rows - 1), pair.expected.row(rows - 1), allowed);
  std::vector<std::string> causes;
  if (pair.agreed > 0) {
    causes = {
        "attention before it agrees: what differs by layer (scores divided by the layer's "
        "number, windows, a bias that layers share)"};
  }
  const auto add = [&](const std::vector<std::string>& more) {
    causes.insert(causes.end(), more.begin(), more.end());
    return causes;
  };
  if (rows > 1 && agreeing == 0 && last_agrees) {
    return add({"the last row agrees and earlier ones do not: what a row may see (causal or not)"});
  }
  if (rows > 1 && agreeing > 0 && causal) return add(causes_of_causal(agreeing));
  if (rows > 1 && agreeing > 0) {
    return add({"the first row agrees and later ones do not: what depends on the distance",
                rope_cause, "a bias's buckets, direction or sharing between layers", window_cause});
  }
  add({score_scale_cause});
  if (!pair.node.encoding.empty()) {
    add({"what depends on the distance: a bias's buckets, a clip, a window", rope_cause});
  }
  return add({"a fused projection cut another way",
              "the encoding's hook on values (NEZHA, Shaw, rotary_value)", "what a row may see"});
}

const std::string gelu_cause = "GELU's exact form against its tanh form";

std::vector<std::string> causes_of_kind(const NodePair& pair, const NodeMatch& match) {
  const std::string& kind = pair.node.kind;
  if (kind == "attention") return causes_of_attention(pair, match);
  if (kind == "norm") {
    return {match.relative < 1e-2 ? "the epsilon" : "LayerNorm against RMSNorm, or another epsilon",
            "a gain stored as an offset from 1",
            "pre-norm against post-norm, or layers in parallel"};
  }
  if (kind == "feed_forward") {
    return {match.relative < fine ? gelu_cause : "the activation", "gate and up in another order"};
  }
  const bool small = match.relative < fine;
  if (kind == "linear" && small && pair.node.attributes.contains("activation")) {
    return {gelu_cause};
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
  if (small)
    return {"a node before it that the reference does not have: " + gelu_cause, "the epsilon"};
  return {"a node before it that the reference does not have", "an input that it does not name"};
}

}  // namespace

std::vector<std::string> likely_causes(const NodePair& pair, const NodeMatch& match) {
  std::vector<std::string> causes = signs(pair, match);
  if (!causes.empty() && pair.node.kind != "norm") return causes;
  const auto usual = causes_of_kind(pair, match);
  causes.insert(causes.end(), usual.begin(), usual.end());
  const std::string type = rounded_type(pair, match);
  if (type.empty()) return causes;
  const std::string enough = type == "f16" ? "0.002" : "0.02";
  causes.insert(causes.begin(), "a reference in " + type +
                                    ": its values have no more digits (--tolerance " + enough +
                                    " allows for it)");
  return causes;
}

}  // namespace locus::cli
