#include "evaluation/score_infill.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "evaluation/score_masked.hpp"
#include "evaluation/scoring/items.hpp"
#include "evaluation/scoring/score_collector.hpp"

namespace locus {
namespace {

/// `parts` positive numbers that add up to `total`; every such list is equally likely.
std::vector<int64_t> composition(int64_t total, int64_t parts, Random& random) {
  std::vector<int64_t> ends;
  if (parts > 1) ends = sample_indices(total - 1, parts - 1, random.bits());
  for (int64_t& end : ends) end += 1;
  ends.push_back(total);
  for (size_t i = ends.size() - 1; i > 0; --i) ends[i] -= ends[i - 1];
  return ends;
}

void append(std::vector<int32_t>& to, const Text& text, int64_t begin, int64_t end) {
  to.insert(to.end(), text.ids.begin() + begin, text.ids.begin() + end);
}

/// Spans lie in their window, in order, each with a sentinel of its own.
void check(std::span<const Text> texts, const InfillWindow& window, size_t sentinels) {
  const bool known = window.text < texts.size();
  const auto tokens = known ? static_cast<int64_t>(texts[window.text].ids.size()) : 0;
  bool sound = known && window.begin >= 0 && window.end <= tokens && !window.spans.empty();
  int64_t from = window.begin;
  for (const TokenSpan& span : window.spans) {
    sound = sound && span.begin >= from && span.end > span.begin && span.end <= window.end;
    from = span.end;
  }
  if (!sound || window.spans.size() > sentinels) {
    throw Error("infill",
                "spans in order inside their window, at most " + std::to_string(sentinels),
                std::to_string(window.spans.size()) + " in [" + std::to_string(window.begin) +
                    ", " + std::to_string(window.end) + ")");
  }
}

}  // namespace

namespace evaluation {

Item infill_item(const Text& text, const InfillWindow& window, const InfillSettings& settings) {
  Item item;
  item.decoder_input = {settings.decoder_start};
  int64_t kept_from = window.begin;
  for (size_t i = 0; i < window.spans.size(); ++i) {
    const TokenSpan& span = window.spans[i];
    append(item.input, text, kept_from, span.begin);
    item.input.push_back(settings.sentinels[i]);
    item.decoder_input.push_back(settings.sentinels[i]);
    for (int64_t index = span.begin; index < span.end; ++index) {
      const auto context = static_cast<int64_t>(item.decoder_input.size());
      item.targets.push_back({context - 1, window.text, index, context, id_of(text, index)});
      item.decoder_input.push_back(item.targets.back().token);
    }
    kept_from = span.end;
  }
  append(item.input, text, kept_from, window.end);
  if (settings.end) item.input.push_back(*settings.end);
  item.decoder_input.pop_back();  // nothing is predicted after it
  return item;
}

}  // namespace evaluation

std::vector<TokenSpan> corrupt_spans(int64_t tokens, const SpanSettings& settings, uint64_t seed) {
  if (!(settings.noise > 0 && settings.noise < 1) || !(settings.mean_length >= 1)) {
    throw Error("spans", "a share between 0 and 1 and a mean length of at least 1",
                std::to_string(settings.noise) + " and " + std::to_string(settings.mean_length));
  }
  if (tokens < 3) return {};
  const auto rounded = [](double value) { return static_cast<int64_t>(std::llround(value)); };
  const int64_t cut =
      std::clamp<int64_t>(rounded(static_cast<double>(tokens) * settings.noise), 1, tokens - 2);
  const int64_t max = std::min({cut, tokens - cut - 1, settings.max});
  const int64_t count = std::clamp<int64_t>(
      rounded(static_cast<double>(cut) / settings.mean_length), 1, std::max<int64_t>(1, max));
  Random random(seed);
  const std::vector<int64_t> lengths = composition(cut, count, random);
  const std::vector<int64_t> kept = composition(tokens - cut, count + 1, random);
  std::vector<TokenSpan> spans;
  int64_t at = 0;
  for (size_t i = 0; i < lengths.size(); ++i) {
    at += kept[i];
    spans.push_back({at, at + lengths[i]});
    at += lengths[i];
  }
  return spans;
}

namespace evaluation {

InfillPlan::InfillPlan(std::vector<int64_t> tokens, int64_t context, const InfillSettings& settings)
    : tokens_(std::move(tokens)), context_(context), rule_(settings.spans), random_(settings.seed) {
  rule_.max = static_cast<int64_t>(settings.sentinels.size());
}

std::optional<InfillWindow> InfillPlan::next() {
  for (; text_ < tokens_.size(); ++text_, begin_ = 0) {
    while (begin_ < tokens_[text_]) {
      const int64_t begin = begin_;
      const int64_t end = std::min(begin + context_, tokens_[text_]);
      begin_ += context_;
      std::vector<TokenSpan> spans = corrupt_spans(end - begin, rule_, random_.bits());
      for (TokenSpan& span : spans) span = {span.begin + begin, span.end + begin};
      if (!spans.empty()) return InfillWindow{text_, begin, end, std::move(spans)};
    }
  }
  return std::nullopt;
}

}  // namespace evaluation

std::vector<InfillWindow> plan_infill(std::span<const Text> texts, int64_t context,
                                      const InfillSettings& settings) {
  std::vector<int64_t> tokens;
  for (const Text& text : texts) tokens.push_back(static_cast<int64_t>(text.ids.size()));
  evaluation::InfillPlan plan(std::move(tokens), context, settings);
  std::vector<InfillWindow> windows;
  while (auto window = plan.next()) windows.push_back(std::move(*window));
  return windows;
}

std::vector<TextScores> score_infill(Session& session, std::span<const Text> texts,
                                     const InfillSettings& settings) {
  if (settings.sentinels.empty()) throw Error("infill", "sentinels", "a model without them");
  const int64_t context = evaluation::causal_context(session.graph(), settings.context);
  return score_infill(session, texts, plan_infill(texts, context, settings), settings);
}

std::vector<TextScores> score_infill(Session& session, std::span<const Text> texts,
                                     std::span<const InfillWindow> windows,
                                     const InfillSettings& settings) {
  evaluation::expect_no_look_ahead(session.graph());
  int64_t total = 0;
  for (const InfillWindow& window : windows) {
    check(texts, window, settings.sentinels.size());
    for (const TokenSpan& span : window.spans) total += span.end - span.begin;
  }
  evaluation::ScoreCollector collector(session, texts, total, settings.batch.progress);
  evaluation::BatchRunner runner(session, collector, settings.batch.batch_tokens);
  for (const InfillWindow& window : windows) {
    runner.add(evaluation::infill_item(texts[window.text], window, settings));
  }
  runner.flush();
  return collector.finish();
}

}  // namespace locus
