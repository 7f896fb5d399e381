#include <cmath>
#include <map>
#include <numbers>

#include "base/error.hpp"
#include "base/watch.hpp"
#include "evaluation/score.hpp"

namespace locus {
namespace {

void check(std::span<const Text> texts, std::span<const TextScores> scores) {
  if (texts.size() != scores.size()) {
    throw Error("scores", "those of " + std::to_string(texts.size()) + " texts",
                std::to_string(scores.size()));
  }
}

Extent extent_of(const Text& text, const TextScores& scores, Watch& watch) {
  Extent total;
  if (text.extents.empty()) return total;
  for (const TokenScore& score : scores) {
    watch.spend(Watch::bytes_per_token);
    total += text.extents[static_cast<size_t>(score.index)];
  }
  return total;
}

double sum_of(const TextScores& scores, Watch& watch) {
  double sum = 0;
  for (const TokenScore& score : scores) {
    watch.spend(Watch::bytes_per_token);
    sum += score.nll;
  }
  return sum;
}

/// Sums become means.
void sums_to_means(Summary& summary) {
  const auto tokens = static_cast<double>(summary.tokens);
  summary.perplexity = std::exp(summary.nll / tokens);
  summary.entropy /= tokens;
  summary.top1 /= tokens;
  summary.top5 /= tokens;
  const double bits = summary.nll / std::numbers::ln2;
  const Extent& extent = summary.extent;
  if (extent.bytes > 0) summary.bits_per_byte = bits / static_cast<double>(extent.bytes);
  if (extent.characters > 0) {
    summary.bits_per_character = bits / static_cast<double>(extent.characters);
  }
  if (extent.words > 0) {
    summary.word_perplexity = std::exp(summary.nll / static_cast<double>(extent.words));
  }
}

}  // namespace

void SummaryMaker::add(const TokenScore& score, const Extent& extent) {
  sums_.tokens += 1;
  sums_.extent += extent;
  sums_.nll += score.nll;
  sums_.entropy += score.entropy;
  sums_.top1 += score.rank <= 1 ? 1 : 0;
  sums_.top5 += score.rank <= 5 ? 1 : 0;
}

Summary SummaryMaker::finish() const {
  if (sums_.tokens == 0) throw Error("summary", "at least one scored token", "none");
  Summary summary = sums_;
  sums_to_means(summary);
  return summary;
}

Summary summarize(std::span<const Text> texts, std::span<const TextScores> scores,
                  const std::function<void()>& asked) {
  check(texts, scores);
  Watch watch(asked);
  SummaryMaker maker;
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto& extents = texts[i].extents;
    for (const TokenScore& score : scores[i]) {
      watch.spend(Watch::bytes_per_token);
      const auto token = static_cast<size_t>(score.index);
      maker.add(score, extents.empty() ? Extent{} : extents[token]);
    }
  }
  return maker.finish();
}

std::vector<Unit> units_by_token(std::span<const TextScores> scores,
                                 const std::function<void()>& asked) {
  Watch watch(asked);
  std::vector<Unit> units;
  for (const TextScores& text : scores) {
    if (!text.empty()) units.push_back({sum_of(text, watch), static_cast<double>(text.size())});
  }
  return units;
}

std::vector<Unit> units_by_byte(std::span<const Text> texts, std::span<const TextScores> scores,
                                const std::function<void()>& asked) {
  check(texts, scores);
  Watch watch(asked);
  std::vector<Unit> units;
  for (size_t i = 0; i < texts.size(); ++i) {
    const Extent extent = extent_of(texts[i], scores[i], watch);
    if (extent.bytes == 0) continue;
    units.push_back(
        {sum_of(scores[i], watch) / std::numbers::ln2, static_cast<double>(extent.bytes)});
  }
  return units;
}

std::vector<CurvePoint> loss_by_context(std::span<const TextScores> scores, int64_t bucket,
                                        const std::function<void()>& asked) {
  if (bucket < 1) throw Error("loss by context", "a bucket of at least 1", std::to_string(bucket));
  Watch watch(asked);
  std::map<int64_t, CurvePoint> points;
  for (const TextScores& text : scores) {
    for (const TokenScore& score : text) {
      watch.spend(Watch::bytes_per_token);
      CurvePoint& point = points[score.context / bucket];
      point.tokens += 1;
      point.nll += score.nll;
    }
  }
  std::vector<CurvePoint> curve;
  for (auto& [index, point] : points) {
    curve.push_back({index * bucket, point.tokens, point.nll / static_cast<double>(point.tokens)});
  }
  return curve;
}

}  // namespace locus
