#include <algorithm>

#include "engine/position.hpp"

namespace locus {
namespace {

class All : public Visibility {
 public:
  Range keys(int64_t, const KeyRows& rows) const override { return {0, rows.count}; }
};

class Sliding : public Visibility {
 public:
  Sliding(int64_t left, int64_t right) : left_(left), right_(right) {}
  Range keys(int64_t query, const KeyRows& rows) const override {
    return {std::max<int64_t>(0, query - left_), std::min(rows.count, query + right_ + 1)};
  }

 private:
  int64_t left_;
  int64_t right_;
};

class Causal : public Visibility {
 public:
  Range keys(int64_t query, const KeyRows& rows) const override {
    return {0, std::min(rows.count, query + 1)};
  }
};

class Segment : public Visibility {
 public:
  explicit Segment(int64_t memory) : memory_(memory) {}
  Range keys(int64_t query, const KeyRows& rows) const override {
    return {std::max<int64_t>(0, rows.first - memory_), std::min(rows.count, query + 1)};
  }

 private:
  int64_t memory_;
};

}  // namespace

std::shared_ptr<const Visibility> visible_all() { return std::make_shared<All>(); }
std::shared_ptr<const Visibility> visible_causal() { return std::make_shared<Causal>(); }
std::shared_ptr<const Visibility> visible_sliding(int64_t left, int64_t right) {
  return std::make_shared<Sliding>(left, right);
}
std::shared_ptr<const Visibility> visible_segment(int64_t memory) {
  return std::make_shared<Segment>(memory);
}

}  // namespace locus
