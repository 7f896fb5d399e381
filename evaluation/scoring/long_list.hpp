// Lists that are as long as a text has tokens.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "base/large_pages.hpp"

namespace locus::evaluation {

/// Makes room for so many items, in large pages where these fill some.
template <typename T>
void make_room(std::vector<T>& list, std::size_t count) {
  constexpr std::size_t some_pages = std::size_t{4} << 20;
  list.reserve(count);  // memory is taken as it is filled
  if (count * sizeof(T) >= some_pages) wish_for_large_pages(list.data(), count * sizeof(T));
}

/// Adds items at the end. A list that becomes long moves to large pages, so that it is freed at
/// once, as a run that is cancelled must.
template <typename T>
void append(std::vector<T>& list, const std::vector<T>& more) {
  constexpr std::size_t long_bytes = std::size_t{32} << 20;  // what malloc maps by itself
  const std::size_t size = list.size() + more.size();
  if (size > list.capacity() && size * sizeof(T) >= long_bytes) {
    std::vector<T> larger;
    larger.reserve(std::max(size, 2 * list.capacity()));
    wish_for_large_pages(larger.data(), larger.capacity() * sizeof(T));
    larger.insert(larger.end(), list.begin(), list.end());
    list = std::move(larger);
  }
  list.insert(list.end(), more.begin(), more.end());
}

}  // namespace locus::evaluation
