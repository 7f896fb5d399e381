// Terms and sums by distance: rows side by side, shared ones, and both beside each other.
#include "tests/engine/ops/support.hpp"

namespace locus {
namespace {

using ops::DistanceRun;
using tests::Padded;
using tests::relative_error;

constexpr int64_t rows = 40;  // of the table

// The distances of M queries and N keys in three runs, which may be empty: far, near and far.
std::vector<DistanceRun> clipped(int64_t distances) {
  const int64_t begin = distances / 3, end = std::min(distances, begin + rows);
  return {{0, begin, 0, 0}, {begin, end, 0, 1}, {end, distances, rows - 1, 0}};
}

void check(int64_t queries, int64_t keys, const std::vector<DistanceRun>& runs) {
  const Padded terms = Padded::random(queries, rows, 1, 1), x = Padded::random(queries, keys, 2, 2);
  Padded found = x, expected = x;
  ops::add_by_distance(terms.view(), runs, found.view());
  reference::add_by_distance(terms.view(), runs, expected.view());
  CHECK(tests::same_bits(found.constant(), expected.constant()));
  CHECK(found.gaps_untouched());
  Padded sums = Padded::random(queries, rows, 3, 3), expected_sums(queries, rows, 3);
  ops::sum_by_distance(x.view(), runs, sums.view());
  reference::sum_by_distance(x.view(), runs, expected_sums.view());
  CHECK(relative_error(sums.constant(), expected_sums.constant()) < 1e-5);
  CHECK(sums.gaps_untouched());
}

TEST_CASE("terms and sums by distance equal the reference") {
  for (const int64_t queries : {1, 2, 16, 30}) {
    for (const int64_t keys : {1, 5, 9, 200, 333}) {
      CAPTURE(queries);
      CAPTURE(keys);
      check(queries, keys, clipped(queries + keys - 1));
      check(queries, keys, {{0, queries + keys - 1, 7, 0}});
    }
  }
  check(16, 20, {{0, 35, 3, 1}});
}

}  // namespace
}  // namespace locus
