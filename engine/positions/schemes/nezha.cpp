#include "engine/positions/mechanisms/relative_vectors.hpp"
#include "engine/positions/mechanisms/sinusoid.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {
namespace {

std::shared_ptr<const PositionalEncoding> make_nezha(const Attributes& attributes, SchemeWeights&,
                                                     const SchemeContext& context) {
  const Settings settings("nezha", attributes);
  require_even("nezha", "head size", context.head_size);
  Sinusoid sinusoid;
  sinusoid.width = context.head_size;
  RelativeVectorsParts parts;
  parts.name = "nezha";
  const int64_t clip = settings.at_least(1, "clip");
  // The angle is the row's number clamp(j - i) + clip, not the distance: no row has angle 0 but
  // the farthest.
  parts.values = std::make_shared<const Tensor>(sinusoid.table(2 * clip + 1, 1));
  parts.keys = DistanceColumns::of_rows(*parts.values, context.precision);
  parts.precision = context.precision;
  parts.rows = DistanceRows::clamped(clip, clip);
  return std::make_shared<RelativeVectors>(std::move(parts));
}

}  // namespace

Scheme nezha() {
  Scheme row;
  row.name = "nezha";
  row.summary = "fixed sinusoids by clipped distance, the same added to keys and to values";
  row.source = "Wei et al. 2019, NEZHA, section 2.2, and its published code";
  row.parameters = {{"clip", int64_t{64}, "distances beyond it share a vector"}};
  row.traits.relative = true;
  row.traits.meets_heads = true;
  row.make = make_nezha;
  return row;
}

}  // namespace locus::positions
