#include "engine/layers/attention/head_norm.hpp"

#include "base/error.hpp"

namespace locus::layers {

HeadNorm::HeadNorm(const NodeReader& reader, std::string_view slot, const Heads& heads,
                   float factor) {
  if (!reader.has(slot)) return;
  const int64_t all = slot == "query_norm" ? heads.query_width() : heads.key_width();
  gain_ = reader.take(slot, {-1});
  if (gain_.count() != heads.size() && gain_.count() != all) {
    throw Error(reader.name(),
                "'" + std::string(slot) + "' of " + std::to_string(heads.size()) + " values, or " +
                    std::to_string(all) + " for all heads at once",
                std::to_string(gain_.count()));
  }
  const std::string kind = reader.text("norm_kind", "rms");
  if (kind != "rms" && kind != "layer") {
    throw Error(reader.name(), "a norm_kind of rms or layer", "'" + kind + "'");
  }
  if (kind == "layer") kind_ = ops::NormKind::layer;
  bias_ = reader.take_optional(std::string(slot) + "_bias", {gain_.count()});
  for (float& value : bias_.values()) value *= factor;
  const auto offset = static_cast<float>(reader.number("norm_gain_offset", 0));
  for (float& value : gain_.values()) value = (value + offset) * factor;
  epsilon_ = static_cast<float>(reader.node().attributes.number(reader.name(), "norm_epsilon"));
  if (!(epsilon_ >= 0)) {
    throw Error(reader.name(), "a norm_epsilon of 0 or more", std::to_string(epsilon_));
  }
}

void HeadNorm::apply(View rows, Run& run) const {
  if (gain_.empty()) return;
  const int64_t width = gain_.count();
  const ops::NormWeights weights{kind_, gain_.values(), bias_.values(), epsilon_};
  for_rows(run, rows.size(0), rows.size(1), [&](int64_t begin, int64_t end, int) {
    const View part = rows.slice(0, begin, end);
    for (int64_t column = 0; column < part.size(1); column += width) {
      const View head = part.slice(1, column, column + width);  // [rows, d]
      ops::norm(head, head, weights);
    }
  });
}

}  // namespace locus::layers
