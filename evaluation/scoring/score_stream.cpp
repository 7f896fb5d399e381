#include "evaluation/score_stream.hpp"

#include <algorithm>
#include <deque>

#include "base/error.hpp"
#include "evaluation/scoring/item_plan.hpp"
#include "evaluation/scoring/row_scorer.hpp"

namespace locus {
namespace {

using evaluation::Item;
using evaluation::PlannedItem;
using evaluation::Target;

constexpr int64_t kept_before = 1 << 16;  // tokens that are dropped together

std::string name_of(const TextSize& text, size_t index) {
  return text.name.empty() ? "text " + std::to_string(index) : text.name;
}

/// The tokens of a text that items still need.
class HeldTokens {
 public:
  explicit HeldTokens(const NextTokens& next) : next_(next) {}

  /// Holds tokens [begin, end) of a text.
  void hold(const PlannedItem& item, const std::string& name) {
    if (item.text != text_) *this = HeldTokens(next_, item.text);
    drop_before(item.begin);
    while (first_ + size() < item.end) {
      append(name);
      drop_before(item.begin);
    }
  }
  const Text& tokens() const { return held_; }
  int64_t first() const { return first_; }

 private:
  HeldTokens(const NextTokens& next, size_t text) : next_(next), text_(text) {}
  HeldTokens& operator=(HeldTokens&& other) noexcept {
    text_ = other.text_;
    first_ = other.first_;
    held_ = std::move(other.held_);
    return *this;
  }

  int64_t size() const { return static_cast<int64_t>(held_.ids.size()); }

  void append(const std::string& name) {
    const Text part = next_(text_);
    if (part.ids.empty()) throw Error(name, "as many tokens as were counted", "fewer");
    held_.append(part);
  }

  void drop_before(int64_t begin) {
    const int64_t count = std::min(begin - first_, size());
    if (count <= kept_before) return;
    held_.drop_front(static_cast<size_t>(count));
    first_ += count;
  }

  const NextTokens& next_;
  size_t text_ = static_cast<size_t>(-1);
  int64_t first_ = 0;
  Text held_;
};

/// Gives scores on, with the places of their tokens.
class StreamScorer final : public evaluation::RowScorer {
 public:
  StreamScorer(Session& session, std::span<const TextSize> texts, int64_t total,
               const Progress& progress, const TakeScore& take)
      : RowScorer(session, total, progress), texts_(texts), take_(take) {}

  /// The places of an item's targets, which will be scored in this order.
  void expect(const Item& item, const HeldTokens& held) {
    for (const Target& target : item.targets) {
      const auto at = static_cast<size_t>(target.index - held.first());
      places_.push_back({held.tokens().extents[at], held.tokens().byte_begin[at]});
    }
  }

 private:
  struct Place {
    Extent extent;
    int64_t byte_begin = 0;
  };

  void take(const Target& target, const TokenScore& score) override {
    take_({target.text, texts_[target.text].name, score, places_.front().extent,
           places_.front().byte_begin});
    places_.pop_front();
  }
  std::string name(size_t text) const override { return name_of(texts_[text], text); }

  std::span<const TextSize> texts_;
  const TakeScore& take_;
  std::deque<Place> places_;
};

int64_t count_targets(evaluation::ItemPlan& plan) {
  int64_t count = 0;
  while (const auto item = plan.next()) count += item->targets;
  return count;
}

}  // namespace

void score_stream(Session& session, std::span<const TextSize> texts, const NextTokens& next,
                  const ScoringSettings& settings, const TakeScore& take) {
  for (size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].tokens == 0) throw Error(name_of(texts[i], i), "at least one token", "none");
  }
  const int64_t total = count_targets(*evaluation::plan_items(session.graph(), texts, settings));
  StreamScorer scorer(session, texts, total, settings.batch.progress, take);
  evaluation::BatchRunner runner(session, scorer, settings.batch.batch_tokens);
  const auto plan = evaluation::plan_items(session.graph(), texts, settings);
  HeldTokens held(next);
  while (const auto planned = plan->next()) {
    held.hold(*planned, name_of(texts[planned->text], planned->text));
    Item item = planned->make(held.tokens(), held.first()).of_text(planned->text, held.first());
    scorer.expect(item, held);
    runner.add(std::move(item));
  }
  runner.flush();
}

}  // namespace locus
