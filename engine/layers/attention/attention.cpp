// Attention, written once. Vaswani et al. 2017, section 3.2; grouped queries: Ainslie et al. 2023.
#include "engine/layers/attention/attention.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "engine/layers/attention/visibility.hpp"
#include "engine/layers/makers.hpp"

namespace locus::layers {

Attention::Attention(const NodeReader& reader)
    : heads_(reader),
      encoding_(reader.encoding()),
      visibility_(visibility_of(reader.node())),
      name_(reader.name()),
      limit_(static_cast<float>(reader.number("limit", 0))),
      soft_cap_(static_cast<float>(reader.number("soft_cap", 0))),
      types_(reader, heads_),
      products_(ops::products(reader.precision())),
      cache_index_(reader.cache_index()) {
  if (limit_ < 0) throw Error(name_, "a limit of 0 or more", std::to_string(limit_));
  if (!(soft_cap_ >= 0)) {
    throw Error(name_, "a soft_cap of 0 or more", std::to_string(soft_cap_));
  }
  const auto output = reader.rows("output", {-1, heads_.query_width()});  // [Do, H d]
  const Tensor bias = reader.take_optional("output_bias", {output.outputs()});
  const Tensor* const biases[] = {&bias};
  output_ = reader.pack({output}, biases);
}

void Attention::bound(View rows, float scale, Run& run) const {
  if (limit_ == 0) return;
  const float max = limit_ * std::abs(scale);
  for_rows(run, rows.size(0), rows.size(1), [&](int64_t begin, int64_t end, int) {
    for (int64_t row = begin; row < end; ++row) {
      for (float& value : rows.row(row)) value = std::clamp(value, -max, max);
    }
  });
}

void Attention::rotate(View rows, Role role, Run& run) const {
  for (int64_t sequence = 0; sequence < run.rows.sequences(); ++sequence) {
    const int64_t first = run.rows.offsets[sequence];
    for_rows(
        run, run.rows.length(sequence), rows.size(1), [&](int64_t begin, int64_t end, int worker) {
          const Positions positions = run.rows.new_positions(sequence, begin, end);
          const Block block{positions,      positions,          0, run.rows.total(sequence),
                            heads_.scale(), run.scratch[worker]};
          encoding_->rotate(heads_.split(rows.slice(0, first + begin, first + end)), role, block);
        });
  }
}

std::unique_ptr<Layer> make_attention(const NodeReader& reader) {
  return reader.inputs() == 2 ? make_cross_attention(reader) : make_self_attention(reader);
}

}  // namespace locus::layers
