#include "engine/layers/attention/head_norm.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace locus::layers {
namespace {

constexpr float min_square = 1e-24f;  // under a unit's length, so that 0 stays 0

ops::NormKind kind_of_norm(const NodeReader& reader) {
  const std::string kind = reader.text("norm_kind", "rms");
  if (kind == "layer") return ops::NormKind::layer;
  if (kind == "rms" || kind == "unit") return ops::NormKind::rms;
  throw Error(reader.name(), "a norm_kind of rms, layer or unit", "'" + kind + "'");
}

}  // namespace

HeadNorm::HeadNorm(const NodeReader& reader, std::string_view slot, const Heads& heads,
                   float factor)
    : kind_(kind_of_norm(reader)) {
  if (reader.text("norm_kind", "rms") == "unit") {
    read_unit(reader, slot, heads, factor);
  } else if (reader.has(slot)) {
    read_gains(reader, slot, heads, factor);
  }
}

void HeadNorm::read_gains(const NodeReader& reader, std::string_view slot, const Heads& heads,
                          float factor) {
  const int64_t all = slot == "query_norm" ? heads.query_width() : heads.key_width();
  gain_ = reader.take(slot, {-1});
  if (gain_.count() != heads.size() && gain_.count() != all) {
    throw Error(reader.name(),
                "'" + std::string(slot) + "' of " + std::to_string(heads.size()) + " values, or " +
                    std::to_string(all) + " for all heads at once",
                std::to_string(gain_.count()));
  }
  width_ = gain_.count();
  bias_ = reader.take_optional(std::string(slot) + "_bias", {gain_.count()});
  for (float& value : bias_.values()) value *= factor;
  const auto offset = static_cast<float>(reader.number("norm_gain_offset", 0));
  for (float& value : gain_.values()) value = (value + offset) * factor;
  epsilon_ = static_cast<float>(reader.node().attributes.number(reader.name(), "norm_epsilon"));
  if (!(epsilon_ >= 0)) {
    throw Error(reader.name(), "a norm_epsilon of 0 or more", std::to_string(epsilon_));
  }
}

// A vector of the length 1 is one whose mean square is 1/d.
void HeadNorm::read_unit(const NodeReader& reader, std::string_view slot, const Heads& heads,
                         float factor) {
  if (reader.has(slot)) {
    throw Error(reader.name(), "no '" + std::string(slot) + "' where heads have the length 1",
                "one");
  }
  const bool of_queries = slot == "query_norm";
  const int64_t count = (of_queries ? heads.query_width() : heads.key_width()) / heads.size();
  const Tensor logs = of_queries ? reader.take_optional("query_log_scale", {count}) : Tensor();
  const double max = reader.number("max_log_scale", std::log(100.0));
  width_ = heads.size();
  gain_ = Tensor(Shape{count * width_});
  for (int64_t head = 0; head < count; ++head) {
    const double log = logs.empty() ? 0 : std::min<double>(logs.data()[head], max);
    const double gain = factor * std::exp(log) / std::sqrt(static_cast<double>(width_));
    std::fill_n(gain_.data() + head * width_, width_, static_cast<float>(gain));
  }
  epsilon_ = min_square;
}

void HeadNorm::apply(View rows, Run& run) const {
  if (gain_.empty()) return;
  for_rows(run, rows.size(0), rows.size(1), [&](int64_t begin, int64_t end, int) {
    const View part = rows.slice(0, begin, end);
    for (int64_t column = 0; column < part.size(1); column += width_) {
      const View head = part.slice(1, column, column + width_);  // [rows, d]
      const auto gain = gain_.values().subspan(column % gain_.count(), width_);
      ops::norm(head, head, {kind_, gain, bias_.values(), epsilon_});
    }
  });
}

}  // namespace locus::layers
