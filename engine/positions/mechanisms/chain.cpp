#include <algorithm>

#include "engine/scheme.hpp"

namespace locus {
namespace {

using Links = std::vector<std::shared_ptr<const PositionalEncoding>>;

class Chain : public PositionalEncoding {
 public:
  explicit Chain(Links links) : links_(std::move(links)) {}

  void embed(View x, const Block& block) const override {
    for (const auto& link : links_) link->embed(x, block);
  }
  void rotate(View heads, Role role, const Block& block) const override {
    for (const auto& link : links_) link->rotate(heads, role, block);
  }
  void score(View s, ConstView q, ConstView k, const Block& block) const override {
    for (const auto& link : links_) link->score(s, q, k, block);
  }
  void mix(View y, ConstView p, const Block& block) const override {
    for (const auto& link : links_) link->mix(y, p, block);
  }
  int64_t max_length() const override {
    int64_t shortest = unlimited;
    for (const auto& link : links_) shortest = std::min(shortest, link->max_length());
    return shortest;
  }

 private:
  Links links_;
};

}  // namespace

std::shared_ptr<const PositionalEncoding> chain_encodings(Links links) {
  if (links.empty()) return std::make_shared<const PositionalEncoding>();
  if (links.size() == 1) return std::move(links.front());
  return std::make_shared<Chain>(std::move(links));
}

}  // namespace locus
