#include "engine/positions/mechanisms/relative_vectors.hpp"
#include "engine/positions/mechanisms/settings.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {
namespace {

std::shared_ptr<const PositionalEncoding> make_shaw(const Attributes& attributes,
                                                    SchemeWeights& weights,
                                                    const SchemeContext& context) {
  const Settings settings("shaw", attributes);
  RelativeVectorsParts parts;
  parts.name = "shaw";
  const int64_t left = settings.at_least(1, "clip");
  int64_t right = settings.at_least(-1, "clip_later");
  if (right < 0) right = left;
  const Shape shape{left + right + 1, context.head_size};
  parts.keys = DistanceColumns::of_rows(weights.take("keys", shape, {}), context.precision);
  parts.values = std::make_shared<const Tensor>(weights.take("values", shape, {}));
  parts.precision = context.precision;
  parts.rows = DistanceRows::clamped(left, right);
  return std::make_shared<RelativeVectors>(std::move(parts));
}

}  // namespace

// Weights `keys` and `values` [clip + clip_later + 1, d], rows from the farthest earlier key to the
// farthest later one, shared by all heads; initially normal, deviation 0.02.
Scheme shaw() {
  Scheme row;
  row.name = "shaw";
  row.summary = "learned vectors by clipped distance, added to keys and to values";
  row.source = "Shaw et al. 2018, Self-Attention with Relative Position Representations, 3.1-3.3";
  row.parameters = {
      {"clip", int64_t{16}, "distances beyond it share a vector"},
      {"clip_later", int64_t{-1}, "the same for keys after the query; -1: as clip"},
  };
  row.traits.relative = true;
  row.traits.meets_heads = true;
  row.traits.learned = true;
  row.make = make_shaw;
  return row;
}

}  // namespace locus::positions
