#include "evaluation/scoring/item_plan.hpp"

#include <utility>
#include <vector>

#include "base/error.hpp"
#include "evaluation/scoring/items.hpp"

namespace locus::evaluation {
namespace {

Window shifted(Window window, int64_t first) {
  window.begin -= first;
  window.end -= first;
  window.score_from -= first;
  return window;
}

InfillWindow shifted(InfillWindow window, int64_t first) {
  window.text = 0;
  window.begin -= first;
  window.end -= first;
  for (TokenSpan& span : window.spans) span = {span.begin - first, span.end - first};
  return window;
}

class CausalPlan final : public ItemPlan {
 public:
  CausalPlan(const Graph& graph, std::span<const TextSize> texts, const CausalSettings& settings)
      : texts_(texts), bos_(settings.bos), rule_(settings.windows), windows_(0, checked(graph)) {}

  std::optional<PlannedItem> next() override {
    while (true) {
      if (const auto window = windows_.next()) return item(*window);
      if (++text_ == texts_.size()) return std::nullopt;
      windows_ = WindowPlan(texts_[text_].tokens, rule_);
    }
  }

 private:
  const WindowSettings& checked(const Graph& graph) {
    rule_.context = causal_context(graph, rule_.context);
    rule_.bos = bos_.has_value();
    return rule_;
  }

  PlannedItem item(const Window& window) const {
    return {text_, window.begin, window.end, window.scored(),
            [window, bos = bos_](const Text& stretch, int64_t first) {
              return causal_item(stretch, shifted(window, first), bos);
            }};
  }

  std::span<const TextSize> texts_;
  std::optional<int32_t> bos_;
  WindowSettings rule_;
  size_t text_ = static_cast<size_t>(-1);  // before the first one
  WindowPlan windows_;
};

class MaskedPlan final : public ItemPlan {
 public:
  MaskedPlan(const Graph& graph, std::span<const TextSize> texts, MaskedSettings settings)
      : texts_(texts),
        settings_(std::make_shared<const MaskedSettings>(std::move(settings))),
        room_(masked_room(graph, *settings_)),
        sample_(tokens_of(texts), settings_->sample, settings_->seed) {}

  std::optional<PlannedItem> next() override {
    const auto place = sample_.next();
    if (!place) return std::nullopt;
    while (*place - before_ >= texts_[text_].tokens) before_ += texts_[text_++].tokens;
    const int64_t index = *place - before_;
    const Surroundings seen = surroundings(index, texts_[text_].tokens, room_);
    return PlannedItem{text_, seen.begin, seen.end, 1,
                       [=, settings = settings_](const Text& stretch, int64_t first) {
                         return masked_item(stretch, index - first,
                                            {seen.begin - first, seen.end - first}, *settings);
                       }};
  }

 private:
  static int64_t tokens_of(std::span<const TextSize> texts) {
    int64_t tokens = 0;
    for (const TextSize& text : texts) tokens += text.tokens;
    return tokens;
  }

  std::span<const TextSize> texts_;
  std::shared_ptr<const MaskedSettings> settings_;
  int64_t room_;
  IndexSample sample_;
  size_t text_ = 0;
  int64_t before_ = 0;  // tokens of the texts before
};

class InfillItems final : public ItemPlan {
 public:
  InfillItems(const Graph& graph, std::span<const TextSize> texts, InfillSettings settings)
      : settings_(std::make_shared<const InfillSettings>(std::move(settings))),
        windows_(tokens_of(texts), causal_context(graph, settings_->context), *settings_) {}

  std::optional<PlannedItem> next() override {
    auto window = windows_.next();
    if (!window) return std::nullopt;
    int64_t targets = 0;
    for (const TokenSpan& span : window->spans) targets += span.end - span.begin;
    return PlannedItem{
        window->text, window->begin, window->end, targets,
        [window = *window, settings = settings_](const Text& stretch, int64_t first) {
          return infill_item(stretch, shifted(window, first), *settings);
        }};
  }

 private:
  static std::vector<int64_t> tokens_of(std::span<const TextSize> texts) {
    std::vector<int64_t> tokens;
    for (const TextSize& text : texts) tokens.push_back(text.tokens);
    return tokens;
  }

  std::shared_ptr<const InfillSettings> settings_;
  InfillPlan windows_;
};

}  // namespace

std::unique_ptr<ItemPlan> plan_items(const Graph& graph, std::span<const TextSize> texts,
                                     const ScoringSettings& settings) {
  switch (settings.task) {
    case ScoringTask::causal:
      return std::make_unique<CausalPlan>(graph, texts, causal_settings(settings));
    case ScoringTask::masked:
    case ScoringTask::masked_word:
      return std::make_unique<MaskedPlan>(graph, texts, masked_settings(settings));
    case ScoringTask::infill:
      return std::make_unique<InfillItems>(graph, texts, infill_settings(settings));
    case ScoringTask::given_source:
      break;
  }
  throw Error("scoring", "a task of one text", name_of(settings.task));
}

}  // namespace locus::evaluation
