// Lists that are as long as a text has tokens.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "base/large_pages.hpp"

namespace locus::evaluation {

inline constexpr std::size_t long_bytes = std::size_t{32} << 20;  // what malloc maps by itself

/// Adds items at the end. A list that becomes long moves to large pages, so that it is freed at
/// once, as a run that is cancelled must.
template <typename T>
void append(std::vector<T>& list, const std::vector<T>& more) {
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
