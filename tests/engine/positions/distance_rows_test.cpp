#include <doctest/doctest.h>

#include "base/error.hpp"
#include "engine/positions/mechanisms/distance_rows.hpp"
#include "engine/positions/schemes/distance_buckets.hpp"

namespace locus::tests::distance_rows {
using positions::DistanceBuckets;
using positions::DistanceRows;

namespace {

// The rows of `count` distances from `first` on, from the runs.
std::vector<int64_t> rows_of(const DistanceRows& rows, int64_t first, int64_t count) {
  std::vector<int64_t> found;
  rows.for_runs(first, count, [&](const DistanceRows::Run& run) {
    CHECK(run.begin == static_cast<int64_t>(found.size()));
    for (int64_t i = run.begin; i < run.end; ++i) {
      found.push_back(run.row + run.step * (i - run.begin));
    }
  });
  return found;
}

}  // namespace

TEST_CASE("runs of clamped distances are the first row, all rows and the last row") {
  const DistanceRows rows = DistanceRows::clamped(2, 1);
  CHECK(rows_of(rows, -5, 9) == std::vector<int64_t>{0, 0, 0, 0, 1, 2, 3, 3, 3});
  CHECK(rows_of(rows, 1000000000, 2) == std::vector<int64_t>{3, 3});
  CHECK(rows.row("x", -1e30) == 0);
  CHECK(rows.row("x", 1.5) == 3);
  CHECK(rows.side_by_side(-2, 4));
  CHECK(!rows.side_by_side(-3, 4));
  CHECK(!rows.side_by_side(0, 3));
  CHECK_THROWS_WITH_AS(rows.row("x", 0.5), "x: expected whole positions, found 0.5", Error);
}

TEST_CASE("bounded distances have rows or are refused") {
  const DistanceRows rows = DistanceRows::bounded(2, 1);
  CHECK(rows_of(rows, -2, 4) == std::vector<int64_t>{0, 1, 2, 3});
  CHECK_THROWS_WITH_AS(rows.row("x", 2), "x: expected distances from -2 to 1, found 2", Error);
  CHECK_THROWS_WITH_AS(rows.row("x", -3), "x: expected distances from -2 to 1, found -3", Error);
}

TEST_CASE("runs of shared rows are those of every distance alone") {
  const DistanceBuckets buckets({.span = 16, .buckets = 16, .max_distance = 5000});
  const DistanceRows rows([&](int64_t distance) { return 31 - buckets.row(-distance); });
  std::vector<int64_t> expected;
  for (int64_t distance = -6000; distance < 6000; ++distance) {
    expected.push_back(31 - buckets.row(-distance));
    CHECK(rows.row("x", static_cast<double>(distance)) == expected.back());
  }
  CHECK(rows_of(rows, -6000, 12000) == expected);
}

}  // namespace locus::tests::distance_rows
