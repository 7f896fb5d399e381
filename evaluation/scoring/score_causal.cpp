#include <algorithm>

#include "base/error.hpp"
#include "evaluation/score.hpp"
#include "evaluation/scoring/items.hpp"
#include "evaluation/scoring/score_collector.hpp"

namespace locus {
namespace {

/// A window of one of the texts.
struct Piece {
  size_t text = 0;
  Window window;
};

void check(const Text& text, const Window& window, int64_t max) {
  const auto tokens = static_cast<int64_t>(text.ids.size());
  if (window.begin < 0 || window.end > tokens || window.score_from >= window.end ||
      window.context(window.score_from) < 1) {
    throw Error("window", "tokens of a text of " + std::to_string(tokens),
                "[" + std::to_string(window.begin) + ", " + std::to_string(window.end) +
                    ") scored from " + std::to_string(window.score_from));
  }
  if (window.inputs() > max) {
    throw Error("window", "at most " + std::to_string(max) + " positions",
                std::to_string(window.inputs()));
  }
}

std::vector<Piece> pieces_of(std::span<const Text> texts,
                             std::span<const std::vector<Window>> windows, int64_t max) {
  if (texts.size() != windows.size()) {
    throw Error("windows", std::to_string(texts.size()) + " lists, one for each text",
                std::to_string(windows.size()));
  }
  std::vector<Piece> pieces;
  for (size_t text = 0; text < texts.size(); ++text) {
    for (const Window& window : windows[text]) {
      check(texts[text], window, max);
      pieces.push_back({text, window});
    }
  }
  return pieces;
}

}  // namespace

namespace evaluation {
namespace {

std::vector<int32_t> input_of(const Text& text, const Window& window,
                              const std::optional<int32_t>& bos) {
  std::vector<int32_t> ids;
  ids.reserve(static_cast<size_t>(window.inputs()));
  if (window.bos) {
    if (!bos) throw Error("window", "a model with a beginning-of-text token", "one without");
    ids.push_back(*bos);
  }
  ids.insert(ids.end(), text.ids.begin() + window.begin, text.ids.begin() + window.end - 1);
  return ids;
}

}  // namespace

Item causal_item(const Text& text, const Window& window, const std::optional<int32_t>& bos) {
  Item item{input_of(text, window, bos), {}, {}};
  for (int64_t index = window.score_from; index < window.end; ++index) {
    const int64_t context = window.context(index);
    item.targets.push_back({context - 1, 0, index, context, id_of(text, index)});
  }
  return item;
}

}  // namespace evaluation

int64_t default_context(const Graph& graph) {
  const GraphSpec& spec = graph.spec();
  for (const int64_t context : {spec.trained_context, spec.context}) {
    if (context > 0) return std::min(context, graph.max_length());
  }
  return std::min<int64_t>(1024, graph.max_length());
}

std::vector<TextScores> score_causal(Session& session, std::span<const Text> texts,
                                     const CausalSettings& settings) {
  WindowSettings rule = settings.windows;
  rule.context = evaluation::checked_context(session.graph(), rule.context);
  rule.bos = settings.bos.has_value();
  std::vector<std::vector<Window>> windows;
  for (const Text& text : texts) {
    windows.push_back(plan_windows(static_cast<int64_t>(text.ids.size()), rule));
  }
  return score_windows(session, texts, windows, settings);
}

std::vector<TextScores> score_windows(Session& session, std::span<const Text> texts,
                                      std::span<const std::vector<Window>> windows,
                                      const CausalSettings& settings) {
  evaluation::expect_no_look_ahead(session.graph());
  const auto pieces = pieces_of(texts, windows, session.graph().max_length());
  int64_t total = 0;
  for (const Piece& piece : pieces) total += piece.window.scored();
  evaluation::ScoreCollector collector(session, texts, total, settings.batch.progress);
  evaluation::BatchRunner runner(session, collector, settings.batch.batch_tokens);
  for (const auto& [text, window] : pieces) {
    runner.add(evaluation::causal_item(texts[text], window, settings.bos).of_text(text));
  }
  runner.flush();
  return collector.finish();
}

}  // namespace locus
