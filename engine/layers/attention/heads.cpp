#include "engine/layers/attention/heads.hpp"

#include <cmath>

#include "base/error.hpp"

namespace locus::layers {
namespace {

/// The kind `unit` has no gain and norms both sides.
bool has_norm(const NodeReader& reader, std::string_view slot) {
  return reader.has(slot) || reader.text("norm_kind", "rms") == "unit";
}

}  // namespace

Heads::Heads(const NodeReader& reader)
    : heads_(reader.positive("heads")),
      kv_heads_(reader.integer("kv_heads", heads_)),
      size_(reader.positive("head_size")),
      scale_(static_cast<float>(reader.number("scale", 1 / std::sqrt(static_cast<double>(size_))))),
      norms_queries_(has_norm(reader, "query_norm")),
      norms_keys_(has_norm(reader, "key_norm")) {
  if (kv_heads_ < 1 || heads_ % kv_heads_ != 0) {
    throw Error(reader.name(), "key heads that divide " + std::to_string(heads_) + " heads",
                std::to_string(kv_heads_));
  }
}

View Heads::split(View rows) const {
  return View(rows.data, {rows.size(1) / size_, rows.size(0), size_}, {size_, rows.stride(0), 1});
}

ops::WeightRows Heads::query_rows(const NodeReader& reader, const std::string& prefix) const {
  return reader.rows(prefix + "query", {query_width(), reader.input_width()}, projected_scale());
}

Tensor Heads::take_query_bias(const NodeReader& reader, const std::string& prefix) const {
  Tensor bias = reader.take_optional(prefix + "query_bias", {query_width()});
  for (float& value : bias.values()) value *= projected_scale();
  return bias;
}

ops::WeightRows Heads::key_rows(const NodeReader& reader, size_t input,
                                const std::string& prefix) const {
  return reader.rows(prefix + "key", {key_width(), reader.input_width(input)});
}

ops::WeightRows Heads::value_rows(const NodeReader& reader, size_t input,
                                  const std::string& prefix) const {
  return reader.rows(prefix + "value", {key_width(), reader.input_width(input)});
}

std::unique_ptr<ops::PackedLinear> Heads::pack_query(const NodeReader& reader,
                                                     const std::string& prefix) const {
  const Tensor bias = take_query_bias(reader, prefix);
  const Tensor* const biases[] = {&bias};
  return reader.pack({query_rows(reader, prefix)}, biases);
}

std::unique_ptr<ops::PackedLinear> Heads::pack_memory(const NodeReader& reader, size_t input,
                                                      const std::string& prefix) const {
  const Tensor key_bias = reader.take_optional(prefix + "key_bias", {key_width()}),
               value_bias = reader.take_optional(prefix + "value_bias", {key_width()});
  const Tensor* const biases[] = {&key_bias, &value_bias};
  return reader.pack({key_rows(reader, input, prefix), value_rows(reader, input, prefix)}, biases);
}

}  // namespace locus::layers
