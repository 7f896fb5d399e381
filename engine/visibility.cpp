#include <algorithm>

#include "engine/position.hpp"

namespace locus {
namespace {

class All : public Visibility {
 public:
  Range keys(int64_t, int64_t count) const override { return {0, count}; }
};

class Sliding : public Visibility {
 public:
  Sliding(int64_t left, int64_t right) : left_(left), right_(right) {}
  Range keys(int64_t query, int64_t count) const override {
    return {std::max<int64_t>(0, query - left_), std::min(count, query + right_ + 1)};
  }

 private:
  int64_t left_;
  int64_t right_;
};

class Causal : public Visibility {
 public:
  Range keys(int64_t query, int64_t count) const override {
    return {0, std::min(count, query + 1)};
  }
};

}  // namespace

std::shared_ptr<const Visibility> visible_all() { return std::make_shared<All>(); }
std::shared_ptr<const Visibility> visible_causal() { return std::make_shared<Causal>(); }
std::shared_ptr<const Visibility> visible_sliding(int64_t left, int64_t right) {
  return std::make_shared<Sliding>(left, right);
}

}  // namespace locus
