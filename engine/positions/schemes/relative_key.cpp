#include <algorithm>

#include "engine/positions/mechanisms/relative_vectors.hpp"
#include "engine/positions/mechanisms/settings.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {
namespace {

// The stored table counts query - key, against every other scheme here: its rows are turned round
// at load. [2 max - 1, d]
Tensor reversed(const Tensor& table) {
  Tensor result(table.shape());
  const int64_t rows = table.shape()[0];
  for (int64_t row = 0; row < rows; ++row) {
    std::ranges::copy(table.view().row(row), result.view().row(rows - 1 - row).begin());
  }
  return result;
}

enum class Meets { queries, both };

RelativeVectorsParts read_parts(const Settings& settings, SchemeWeights& weights,
                                const SchemeContext& context, Meets meets) {
  const std::string& name = settings.who();
  const int64_t rows = weights.contains("table") ? -1 : 2 * context.capacity - 1;
  Tensor table = weights.take("table", {rows, context.head_size}, {});
  if (table.shape()[0] % 2 == 0) {
    throw Error(name, "a table of an odd number of rows, 2 max - 1", to_string(table.shape()));
  }
  RelativeVectorsParts parts;
  parts.name = name;
  const int64_t far = table.shape()[0] / 2;
  parts.rows = DistanceRows::bounded(far, far);  // as the reference: nothing is clipped
  parts.max_length = far + 1;
  table = reversed(table);
  const auto factor = static_cast<float>(settings.factor("factor", context.head_size));
  parts.keys = DistanceColumns::of_rows(table, context.precision, factor);
  if (meets == Meets::both) {
    parts.queries = DistanceDiagonals::of_rows(table, context.precision, factor);
  }
  return parts;
}

Scheme common_row() {
  Scheme row;
  row.source = "Shaw et al. 2018 and Huang et al. 2020, section 3, as transformers' BERT has them";
  row.parameters = {{"factor", "1",
                     "of the vectors: a number, or sqrt for sqrt(d) (ALBERT, which adds their "
                     "terms to scores that are scaled already)"}};
  row.traits.relative = true;
  row.traits.meets_heads = true;
  row.traits.learned = true;
  row.traits.limited = true;
  return row;
}

}  // namespace

// Weight `table` [2 max - 1, d], row query - key + max - 1, shared by all heads; initially normal,
// deviation 0.02, max = capacity.
Scheme relative_key() {
  Scheme row = common_row();
  row.name = "relative_key";
  row.summary = "learned vectors by distance that meet queries; no clipping";
  row.make = [](const Attributes& attributes, SchemeWeights& weights,
                const SchemeContext& context) {
    return std::make_shared<RelativeVectors>(
        read_parts(Settings("relative_key", attributes), weights, context, Meets::queries));
  };
  return row;
}

// Weight `table` as of relative_key: the same vector meets the query and the key.
Scheme relative_key_query() {
  Scheme row = common_row();
  row.name = "relative_key_query";
  row.summary = "learned vectors by distance that meet queries and keys; no clipping";
  row.make = [](const Attributes& attributes, SchemeWeights& weights,
                const SchemeContext& context) {
    return std::make_shared<RelativeVectors>(
        read_parts(Settings("relative_key_query", attributes), weights, context, Meets::both));
  };
  return row;
}

}  // namespace locus::positions
