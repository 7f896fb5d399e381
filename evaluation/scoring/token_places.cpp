#include "evaluation/token_places.hpp"

#include <algorithm>
#include <limits>

#include "evaluation/scoring/long_list.hpp"

namespace locus {
namespace {

constexpr int64_t marks_large = std::numeric_limits<uint8_t>::max();
constexpr int64_t farthest = std::numeric_limits<uint16_t>::max();

template <typename List>
void drop(List& list, std::size_t count) {
  const std::size_t held = std::min(count, list.size());
  list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(held));
}

}  // namespace

Extent& Extent::operator+=(const Extent& other) {
  bytes += other.bytes;
  characters += other.characters;
  words += other.words;
  return *this;
}

TokenExtents::TokenExtents(std::initializer_list<Extent> extents) {
  for (const Extent& extent : extents) push_back(extent);
}

Extent TokenExtents::operator[](std::size_t token) const {
  const Small& small = small_[token];
  if (small.bytes == marks_large) return large_.at(token);
  return {small.bytes, small.characters, small.words};
}

void TokenExtents::push_back(const Extent& extent) {
  if (std::max({extent.bytes, extent.characters, extent.words}) < marks_large) {
    small_.push_back({static_cast<uint8_t>(extent.bytes), static_cast<uint8_t>(extent.characters),
                      static_cast<uint8_t>(extent.words)});
  } else {
    large_.emplace(small_.size(), extent);
    small_.push_back({static_cast<uint8_t>(marks_large), 0, 0});
  }
}

void TokenExtents::append(const TokenExtents& more) {
  for (const auto& [token, extent] : more.large_) large_.emplace(small_.size() + token, extent);
  evaluation::append(small_, more.small_);
}

void TokenExtents::drop_front(std::size_t count) {
  drop(small_, count);
  std::map<std::size_t, Extent> kept;
  for (auto at = large_.lower_bound(count); at != large_.end(); ++at) {
    kept.emplace(at->first - count, at->second);
  }
  large_ = std::move(kept);
}

TokenBegins::TokenBegins(std::initializer_list<int64_t> begins) {
  for (const int64_t begin : begins) push_back(begin);
}

int64_t TokenBegins::operator[](std::size_t token) const {
  const auto next = std::ranges::upper_bound(bases_, token, {}, &Base::token);
  return std::prev(next)->begin + after_[token];
}

void TokenBegins::push_back(int64_t begin) {
  const int64_t after = bases_.empty() ? -1 : begin - bases_.back().begin;
  if (after >= 0 && after <= farthest) return after_.push_back(static_cast<uint16_t>(after));
  bases_.push_back({after_.size(), begin});
  after_.push_back(0);
}

void TokenBegins::append(const TokenBegins& more) {
  for (const Base& base : more.bases_) {
    bases_.push_back({after_.size() + base.token, base.begin});
  }
  evaluation::append(after_, more.after_);
}

void TokenBegins::drop_front(std::size_t count) {
  drop(after_, count);
  const auto next = std::ranges::upper_bound(bases_, count, {}, &Base::token);
  if (next != bases_.begin()) bases_.erase(bases_.begin(), std::prev(next));
  for (Base& base : bases_) base.token -= std::min(base.token, count);
}

}  // namespace locus
