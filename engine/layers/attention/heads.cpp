#include "engine/layers/attention/heads.hpp"

#include <cmath>

#include "base/error.hpp"

namespace locus::layers {

Heads::Heads(const NodeReader& reader)
    : heads_(reader.positive("heads")),
      kv_heads_(reader.integer("key_heads", heads_)),
      size_(reader.positive("head_size")),
      scale_(static_cast<float>(reader.number("scale", 1 / std::sqrt(static_cast<double>(size_))))),
      normed_(reader.has("query_norm") || reader.text("norm_kind", "rms") == "unit") {
  if (kv_heads_ < 1 || heads_ % kv_heads_ != 0) {
    throw Error(reader.name(), "key heads that divide " + std::to_string(heads_) + " heads",
                std::to_string(kv_heads_));
  }
}

View Heads::split(View rows) const {
  return View(rows.data, {rows.size(1) / size_, rows.size(0), size_}, {size_, rows.stride(0), 1});
}

Tensor Heads::take_query(const NodeReader& reader, std::string_view weight) const {
  Tensor query = reader.take(weight, {query_width(), reader.input_width()});
  for (float& value : query.values()) value *= projected_scale();
  return query;
}

Tensor Heads::take_query_bias(const NodeReader& reader, std::string_view weight) const {
  Tensor bias = reader.take_optional(weight, {query_width()});
  for (float& value : bias.values()) value *= projected_scale();
  return bias;
}

Tensor Heads::take_key(const NodeReader& reader, size_t input) const {
  return reader.take("key", {key_width(), reader.input_width(input)});
}

Tensor Heads::take_value(const NodeReader& reader, size_t input) const {
  return reader.take("value", {key_width(), reader.input_width(input)});
}

}  // namespace locus::layers
