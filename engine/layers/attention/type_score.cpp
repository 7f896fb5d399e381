#include "engine/layers/attention/type_score.hpp"

#include <numeric>

namespace locus::layers {
namespace {

float product(std::span<const float> a, std::span<const float> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0f);
}

}  // namespace

TypeScore::TypeScore(const NodeReader& reader, const Heads& heads) {
  if (!reader.has("type_keys")) return;
  keys_ = reader.take("type_keys", {2, heads.query_width()});
  bias_ = Tensor(Shape{2, heads.count()});
  const Tensor bias = reader.take_optional("type_bias", {heads.query_width()});
  if (bias.empty()) return;
  for (int64_t row = 0; row < 2; ++row) {
    for (int64_t head = 0; head < heads.count(); ++head) {
      const size_t first = head * heads.size(), count = heads.size();
      bias_.view()(row, head) =
          heads.scale() *
          product(bias.values().subspan(first, count), keys_.view().row(row).subspan(first, count));
    }
  }
}

void TypeScore::add(View s, ConstView q, int64_t head, const Types& types) const {
  const int64_t first = head * q.size(1), last = first + q.size(1);
  const ConstView keys = keys_.view().slice(1, first, last);  // [2, d]
  for (int64_t i = 0; i < s.size(0); ++i) {
    const float one = product(q.row(i), keys.row(0)) + bias_.view()(0, head),
                other = product(q.row(i), keys.row(1)) + bias_.view()(1, head);
    const auto row = s.row(i);
    for (size_t j = 0; j < row.size(); ++j) {
      row[j] += types.keys[j] == types.queries[i] ? one : other;
    }
  }
}

}  // namespace locus::layers
