#include "engine/ops/linear/weight_rows.hpp"

#include <doctest/doctest.h>

namespace locus {
namespace {

using ops::WeightRows;

/// A matrix of two columns whose rows are `first`, `first` + 1 and so on, read when asked for.
WeightRows counted(int64_t first, int64_t rows) {
  return {rows, 2, [first](int64_t begin, View to) {
            for (int64_t row = 0; row < to.size(0); ++row) {
              to(row, 0) = to(row, 1) = static_cast<float>(first + begin + row);
            }
          }};
}

TEST_CASE("rows that are in memory are read where they lie") {
  const Tensor matrix({3, 2}, std::vector<float>{0, 1, 2, 3, 4, 5});
  Tensor room;
  CHECK(WeightRows(matrix.view()).read(1, 3, room).data == matrix.data() + 2);
  CHECK(room.empty());
}

TEST_CASE("rows of several matrices are read one after the other") {
  Tensor kept({2, 2});
  kept.view()(0, 1) = 2;
  kept.view()(1, 1) = 3;
  std::vector<WeightRows> parts{counted(0, 2)};
  parts.emplace_back(std::move(kept));
  parts.push_back(counted(4, 3));
  const WeightRows joined = WeightRows::joined(std::move(parts));
  CHECK(joined.outputs() == 7);
  CHECK(joined.inputs() == 2);
  Tensor room;
  for (int64_t begin = 0; begin < 7; ++begin) {
    for (int64_t end = begin + 1; end <= 7; ++end) {
      const ConstView rows = joined.read(begin, end, room);
      REQUIRE(rows.size(0) == end - begin);
      for (int64_t row = begin; row < end; ++row) CHECK(rows(row - begin, 1) == row);
    }
  }
}

}  // namespace
}  // namespace locus
