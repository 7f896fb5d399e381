// What tokens stand for in a raw text, in few bytes: a text of 100 MB has some 30 million tokens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <vector>

namespace locus {

/// Amounts of raw text.
struct Extent {
  int64_t bytes = 0;
  int64_t characters = 0;  ///< Unicode code points
  int64_t words = 0;       ///< maximal runs of anything but white space

  Extent& operator+=(const Extent& other);
  bool operator==(const Extent&) const = default;
};

/// An extent for each token: three bytes where no amount is above 254.
class TokenExtents {
 public:
  TokenExtents() = default;
  TokenExtents(std::initializer_list<Extent> extents);

  bool empty() const { return small_.empty(); }
  std::size_t size() const { return small_.size(); }
  Extent operator[](std::size_t token) const;
  void push_back(const Extent& extent);
  void append(const TokenExtents& more);
  /// Forgets the first `count` tokens.
  void drop_front(std::size_t count);

 private:
  struct Small {
    uint8_t bytes, characters, words;
  };
  std::vector<Small> small_;
  std::map<std::size_t, Extent> large_;  // of the tokens whose `small_` says so
};

/// Where each token begins in the raw text, in bytes: two bytes a token, and sixteen more for one
/// that lies before the last place noted in full, or 64 KiB or more after it.
class TokenBegins {
 public:
  TokenBegins() = default;
  TokenBegins(std::initializer_list<int64_t> begins);

  bool empty() const { return after_.empty(); }
  std::size_t size() const { return after_.size(); }
  int64_t operator[](std::size_t token) const;
  void push_back(int64_t begin);
  void append(const TokenBegins& more);
  /// Forgets the first `count` tokens.
  void drop_front(std::size_t count);

 private:
  /// A place that is noted in full: `token` and those after it count from there.
  struct Base {
    std::size_t token;
    int64_t begin;
  };
  std::vector<uint16_t> after_;
  std::vector<Base> bases_;
};

}  // namespace locus
