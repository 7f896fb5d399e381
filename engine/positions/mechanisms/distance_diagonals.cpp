#include "engine/positions/mechanisms/distance_diagonals.hpp"

#include <algorithm>

#include "engine/positions/mechanisms/distance_columns.hpp"
#include "engine/positions/mechanisms/runs.hpp"

namespace locus::positions {

DistanceDiagonals DistanceDiagonals::of_rows(const Tensor& table, Precision precision,
                                             float factor) {
  DistanceDiagonals result(table.shape()[0], precision);
  result.add_head(columns_of(table, factor).view());
  return result;
}

void DistanceDiagonals::add_head(ConstView columns) {
  const auto heads = static_cast<int64_t>(heads_.size()) + 1;
  check_table({heads, columns.size(0), columns.size(1)});
  heads_.push_back(std::make_shared<const Tensor>(products_->diagonal_words(columns)));
}

ops::Operand DistanceDiagonals::packed(const ops::Operand* known, ConstView keys,
                                       Scratch& scratch) const {
  if (known != nullptr && known->packed != nullptr && known->packer == products_ &&
      known->values.data == keys.data && known->values.sizes == keys.sizes) {
    return *known;
  }
  constexpr auto use = ops::Products::Use::transposed;
  return products_->pack(use, keys,
                         scratch.values(products_->packed_size(use, keys.size(0), keys.size(1))));
}

void DistanceDiagonals::add(View s, const ops::Operand& keys, const Terms& terms,
                            const DistanceRows& rows, int64_t nearest, Scratch& scratch) const {
  const Scratch::Frame frame(scratch);
  const ConstView all = table(terms.head);
  const int64_t count = s.size(0) + s.size(1) - 1;  // of distances
  if (rows.side_by_side(nearest, count)) {
    rows.for_runs(nearest, 1, [&](const DistanceRows::Run& run) {
      products_->add_diagonals(all.slice(1, run.row, run.row + count), keys, terms.factor, s);
    });
    return;
  }
  const View own = columns(count, scratch);
  rows.for_runs(nearest, count, [&](const DistanceRows::Run& run) {
    for (int64_t word = 0; word < own.size(0); ++word) {
      const float* from = all.row(word).data() + run.row;
      float* to = own.row(word).data();
      if (run.step == 1) {
        std::copy_n(from, run.end - run.begin, to + run.begin);
      } else {
        std::fill(to + run.begin, to + run.end, *from);
      }
    }
  });
  products_->add_diagonals(own, keys, terms.factor, s);
}

void DistanceDiagonals::add_row(View s, const ops::Operand& keys, const Terms& terms,
                                const std::function<int64_t(int64_t)>& row_of,
                                Scratch& scratch) const {
  const Scratch::Frame frame(scratch);
  const ConstView all = table(terms.head);
  const View own = columns(s.size(1), scratch);
  for (int64_t key = 0; key < s.size(1); ++key) {
    const int64_t row = row_of(key);
    for (int64_t word = 0; word < own.size(0); ++word) own(word, key) = all(word, row);
  }
  products_->add_diagonals(own, keys, terms.factor, s);
}

// Columns of words for distances. [words, count]
View DistanceDiagonals::columns(int64_t count, Scratch& scratch) const {
  return scratch.matrix(heads_.front()->shape()[0], products_->padded(count)).slice(1, 0, count);
}

}  // namespace locus::positions
