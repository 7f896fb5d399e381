#include <algorithm>

#include "base/error.hpp"
#include "engine/layers/attention/visibility.hpp"

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
    const int64_t end = std::clamp<int64_t>(query + right_ + 1, 0, rows.count);
    return {std::clamp<int64_t>(query - left_, 0, end), end};
  }
  bool causal() const override { return right_ == 0; }

 private:
  int64_t left_;
  int64_t right_;
};

class Causal : public Visibility {
 public:
  Range keys(int64_t query, const KeyRows& rows) const override {
    return {0, std::min(rows.count, query + 1)};
  }
  bool causal() const override { return true; }
};

class Segment : public Visibility {
 public:
  explicit Segment(int64_t memory) : memory_(memory) {}
  Range keys(int64_t query, const KeyRows& rows) const override {
    const int64_t end = std::min(rows.count, query + 1);
    return {std::clamp<int64_t>(rows.first - memory_, 0, end), end};
  }
  bool causal() const override { return true; }
  bool stepwise() const override { return false; }

 private:
  int64_t memory_;
};

}  // namespace

std::shared_ptr<const Visibility> visible_all() { return std::make_shared<All>(); }
std::shared_ptr<const Visibility> visible_causal() { return std::make_shared<Causal>(); }
std::shared_ptr<const Visibility> visible_sliding(int64_t left, int64_t right) {
  constexpr IntegerRange range{.min = 0};
  return std::make_shared<Sliding>(range.check("visibility", "left", left),
                                   range.check("visibility", "right", right));
}
std::shared_ptr<const Visibility> visible_segment(int64_t memory) {
  return std::make_shared<Segment>(IntegerRange{.min = 0}.check("visibility", "memory", memory));
}

std::shared_ptr<const Visibility> layers::visibility_of(const NodeSpec& node) {
  const Attributes& attributes = node.attributes;
  const std::string kind = attributes.text(node.name, "visibility", "all");
  if (kind == "all") return visible_all();
  if (kind == "causal") return visible_causal();
  if (kind == "sliding") {
    return visible_sliding(attributes.integer(node.name, "left"),
                           attributes.integer(node.name, "right"));
  }
  if (kind == "segment") return visible_segment(attributes.integer(node.name, "memory"));
  throw Error(node.name, "a visibility of all, causal, sliding or segment", "'" + kind + "'");
}

}  // namespace locus
