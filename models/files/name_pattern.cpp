#include "models/files/name_pattern.hpp"

#include <algorithm>
#include <vector>

namespace locus::files {
namespace {

/// Places in the name that a part of the pattern may begin or end at, ascending.
using Places = std::vector<size_t>;

Places joined(const Places& left, const Places& right) {
  Places all;
  std::ranges::set_union(left, right, std::back_inserter(all));
  return all;
}

/// Reads a pattern once, with every place that its part so far may end at.
class NameMatcher {
 public:
  NameMatcher(std::string_view pattern, std::string_view name) : pattern_(pattern), name_(name) {}

  bool matches() {
    const Places ends = alternatives({0});
    return std::ranges::binary_search(ends, name_.size());
  }

 private:
  bool at(char letter) const { return !pattern_.empty() && pattern_.front() == letter; }
  bool taken(char letter) {
    if (!at(letter)) return false;
    pattern_.remove_prefix(1);
    return true;
  }

  Places alternatives(const Places& begin) {
    Places ends = sequence(begin);
    while (taken('|')) ends = joined(ends, sequence(begin));
    return ends;
  }

  Places sequence(Places places) {
    while (!pattern_.empty() && !at('|') && !at(')')) {
      Places after = part(places);
      places = taken('?') ? joined(places, after) : std::move(after);
    }
    return places;
  }

  Places part(const Places& begin) {
    if (taken('(')) {
      Places ends = alternatives(begin);
      taken(')');
      return ends;
    }
    const bool escaped = taken('\\');
    const char letter = pattern_.front();
    pattern_.remove_prefix(1);
    const auto fits = [=](char other) {
      if (escaped && letter == 'd') return other >= '0' && other <= '9';
      return escaped || letter != '.' ? other == letter : true;
    };
    if (taken('*')) return joined(begin, repeated(begin, fits));
    return taken('+') ? repeated(begin, fits) : once(begin, fits);
  }

  template <typename Fits>
  Places once(const Places& begin, const Fits& fits) const {
    Places ends;
    for (const size_t place : begin) {
      if (place < name_.size() && fits(name_[place])) ends.push_back(place + 1);
    }
    return ends;
  }

  template <typename Fits>
  Places repeated(const Places& begin, const Fits& fits) const {
    Places ends;
    if (begin.empty()) return ends;
    auto next = begin.begin();
    bool reached = false;
    for (size_t place = begin.front(); place < name_.size(); ++place) {
      if (next != begin.end() && *next == place) reached = true, ++next;
      reached = reached && fits(name_[place]);
      if (reached) ends.push_back(place + 1);
    }
    return ends;
  }

  std::string_view pattern_, name_;
};

}  // namespace

bool matches_name(std::string_view pattern, std::string_view name) {
  return NameMatcher(pattern, name).matches();
}

}  // namespace locus::files
