#include "models/fill_mask.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "engine/probabilities.hpp"

namespace locus {
namespace {

constexpr size_t max_masks = 256;  // whose logits are alive at a time

std::vector<int64_t> mask_positions(std::span<const int32_t> ids, int32_t mask) {
  std::vector<int64_t> positions;
  for (size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] == mask) positions.push_back(static_cast<int64_t>(i));
  }
  return positions;
}

std::vector<Candidate> best_candidates(std::span<const float> logits, int64_t top) {
  std::vector<int32_t> ids(logits.size());
  std::iota(ids.begin(), ids.end(), 0);
  const auto wanted = std::min<int64_t>(top, static_cast<int64_t>(ids.size()));
  std::partial_sort(ids.begin(), ids.begin() + wanted, ids.end(), [&](int32_t a, int32_t b) {
    return logits[a] != logits[b] ? logits[a] > logits[b] : a < b;
  });
  const double log_sum = ops::log_sum_exp(logits);
  std::vector<Candidate> best;
  for (const int32_t id : std::span(ids).first(static_cast<size_t>(wanted))) {
    best.push_back({id, std::exp(logits[id] - log_sum)});
  }
  return best;
}

void check_finite(std::span<const float> logits, int64_t position) {
  if (std::ranges::all_of(logits, [](float value) { return std::isfinite(value); })) return;
  throw Error("mask at " + std::to_string(position), "finite logits", "infinity or NaN");
}

}  // namespace

std::vector<FilledMask> fill_mask(Session& session, const Sequence& sequence,
                                  const FillMaskSettings& settings) {
  if (settings.top < 1) throw Error("top", "at least 1", std::to_string(settings.top));
  const std::vector<int64_t> positions = mask_positions(sequence.ids, settings.mask);
  if (positions.empty()) {
    throw Error("fill-mask", "a mask token, id " + std::to_string(settings.mask) + ", in the text",
                "none");
  }
  session.encode({&sequence, 1});
  std::vector<FilledMask> filled;
  for (size_t begin = 0; begin < positions.size(); begin += max_masks) {
    const auto rows =
        std::span(positions).subspan(begin).first(std::min(max_masks, positions.size() - begin));
    const ConstView logits = session.logits(rows);  // [rows, V]
    for (size_t i = 0; i < rows.size(); ++i) {
      const auto row = logits.row(static_cast<int64_t>(i));
      check_finite(row, rows[i]);
      filled.push_back({rows[i], best_candidates(row, settings.top)});
    }
  }
  return filled;
}

}  // namespace locus
