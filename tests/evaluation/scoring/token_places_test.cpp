#include "evaluation/token_places.hpp"

#include <doctest/doctest.h>

namespace locus::tests {
namespace {

// Around what a byte holds, and around what two bytes do.
const std::vector<Extent> extents{
    {0, 0, 0},   {254, 254, 254},          {255, 1, 0},     {1, 255, 0}, {0, 0, 255}, {7, 3, 1},
    {256, 2, 1}, {int64_t{1} << 40, 9, 2}, {254, 253, 252}, {3, 2, 1}};
const std::vector<int64_t> begins{0,      5,  65535, 65536, 65537, 131072,           131071,
                                  131071, 12, 13,    65548, 65549, int64_t{1} << 40, 0};

template <typename List, typename Values>
void check_is(const List& list, const Values& values, size_t from) {
  REQUIRE(list.size() == values.size() - from);
  for (size_t i = from; i < values.size(); ++i) {
    CAPTURE(i);
    CAPTURE(from);
    CHECK(list[i - from] == values[i]);
  }
}

/// Built at once, in two parts that were cut anywhere, and without its beginning.
template <typename List, typename Values>
void check_all(const Values& values) {
  for (size_t cut = 0; cut <= values.size(); ++cut) {
    List first, second;
    for (size_t i = 0; i < values.size(); ++i) (i < cut ? first : second).push_back(values[i]);
    check_is(second, values, cut);
    first.append(second);
    check_is(first, values, 0);
    for (size_t dropped = 0; dropped <= values.size(); ++dropped) {
      List rest = first;
      rest.drop_front(dropped);
      check_is(rest, values, dropped);
      rest.append(first);
      CHECK(rest.size() == 2 * values.size() - dropped);
      CHECK(rest[rest.size() - 1] == values.back());
      CHECK(rest[rest.size() - values.size()] == values.front());
    }
  }
}

TEST_CASE("extents of tokens are kept whatever their size") { check_all<TokenExtents>(extents); }

TEST_CASE("places of tokens are kept wherever they lie") { check_all<TokenBegins>(begins); }

TEST_CASE("nothing is dropped of nothing") {
  TokenExtents extents;
  TokenBegins begins;
  extents.drop_front(3);
  begins.drop_front(3);
  CHECK(extents.empty());
  CHECK(begins.empty());
}

}  // namespace
}  // namespace locus::tests
