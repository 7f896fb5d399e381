#include "evaluation/score_masked.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "evaluation/scoring/items.hpp"
#include "evaluation/scoring/score_collector.hpp"
#include "evaluation/session_check.hpp"

namespace locus {
namespace {

/// End of the range of tokens that is masked when token `index` is scored.
int64_t masked_end(const Text& text, int64_t index, Masking masking) {
  int64_t end = index + 1;
  if (masking == Masking::position) return end;
  while (end < static_cast<int64_t>(text.ids.size()) &&
         !text.word_start[static_cast<size_t>(end)]) {
    ++end;
  }
  return end;
}

void check_places(std::span<const Text> texts, std::span<const Place> places) {
  for (const Place& place : places) {
    const bool held = place.text < texts.size() && place.index >= 0 &&
                      place.index < static_cast<int64_t>(texts[place.text].ids.size());
    if (held) continue;
    throw Error("scoring", "a token of one of " + std::to_string(texts.size()) + " texts",
                "token " + std::to_string(place.index) + " of text " + std::to_string(place.text));
  }
}

void check_words(std::span<const Text> texts, Masking masking) {
  if (masking != Masking::word) return;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].word_start.size() == texts[i].ids.size()) continue;
    throw Error(evaluation::text_name(texts, i),
                "word starts of " + std::to_string(texts[i].ids.size()) + " tokens",
                std::to_string(texts[i].word_start.size()));
  }
}

}  // namespace

namespace evaluation {

Item masked_item(const Text& text, int64_t index, const Surroundings& seen,
                 const MaskedSettings& settings) {
  const int64_t end = std::min(seen.end, masked_end(text, index, settings.masking));
  Item item;
  std::vector<int32_t>& ids = item.input;
  ids = settings.before;
  const auto opening = static_cast<int64_t>(ids.size()) - seen.begin;
  ids.insert(ids.end(), text.ids.begin() + seen.begin, text.ids.begin() + seen.end);
  std::fill(ids.begin() + opening + index, ids.begin() + opening + end, settings.mask);
  ids.insert(ids.end(), settings.after.begin(), settings.after.end());
  const int64_t visible = seen.end - seen.begin - (end - index);
  item.targets.push_back({opening + index, 0, index, visible, id_of(text, index)});
  return item;
}

int64_t masked_room(const Graph& graph, const MaskedSettings& settings) {
  const int64_t context = checked_context(graph, settings.context);
  const auto special = static_cast<int64_t>(settings.before.size() + settings.after.size());
  if (context <= special) {
    throw Error("context", "more than " + std::to_string(special) + " positions",
                std::to_string(context));
  }
  return context - special;
}

}  // namespace evaluation

Surroundings surroundings(int64_t index, int64_t tokens, int64_t room) {
  const int64_t held = std::min(room, tokens);
  const int64_t begin = std::clamp<int64_t>(index - held / 2, 0, tokens - held);
  return {begin, begin + held};
}

IndexSample::IndexSample(int64_t total, int64_t count, uint64_t seed,
                         const std::function<void()>& check)
    : random_(seed),
      watch_(check, Watch::random_draws),
      total_(total),
      missing_(count == 0 ? total : std::min(count, total)) {}

std::optional<int64_t> IndexSample::next() {
  while (index_ < total_ && missing_ > 0) {
    watch_.spend(1);
    const int64_t index = index_++;
    if (random_.below(total_ - index) >= missing_) continue;
    --missing_;
    return index;
  }
  return std::nullopt;
}

std::vector<int64_t> sample_indices(int64_t total, int64_t count, uint64_t seed) {
  IndexSample sample(total, count, seed);
  std::vector<int64_t> chosen;
  while (const auto index = sample.next()) chosen.push_back(*index);
  return chosen;
}

std::vector<Place> sample_places(std::span<const Text> texts, int64_t count, uint64_t seed,
                                 const std::function<void()>& check) {
  int64_t total = 0;
  for (const Text& text : texts) total += static_cast<int64_t>(text.ids.size());
  IndexSample sample(total, count, seed, check);
  std::vector<Place> chosen;
  size_t text = 0;
  int64_t before = 0;  // tokens of the texts before
  while (const auto index = sample.next()) {
    while (*index - before >= static_cast<int64_t>(texts[text].ids.size())) {
      before += static_cast<int64_t>(texts[text++].ids.size());
    }
    chosen.push_back({text, *index - before});
  }
  return chosen;
}

std::vector<TextScores> score_masked(Session& session, std::span<const Text> texts,
                                     const MaskedSettings& settings) {
  return score_places(session, texts,
                      sample_places(texts, settings.sample, settings.seed, check_of(session)),
                      settings);
}

std::vector<TextScores> score_places(Session& session, std::span<const Text> texts,
                                     std::span<const Place> places,
                                     const MaskedSettings& settings) {
  check_places(texts, places);
  check_words(texts, settings.masking);
  const int64_t room = evaluation::masked_room(session.graph(), settings);
  evaluation::ScoreCollector collector(session, texts, static_cast<int64_t>(places.size()),
                                       settings.batch.progress);
  evaluation::BatchRunner runner(session, collector, settings.batch.batch_tokens);
  for (const Place& place : places) {
    const Text& text = texts[place.text];
    const auto seen = surroundings(place.index, static_cast<int64_t>(text.ids.size()), room);
    runner.add(evaluation::masked_item(text, place.index, seen, settings).of_text(place.text));
  }
  runner.flush();
  return collector.finish();
}

std::vector<TextScores> score_words(Session& session, std::span<const Text> texts,
                                    const std::vector<TextScores>& alone,
                                    const MaskedSettings& settings) {
  check_words(texts, Masking::word);
  MaskedSettings by_word = settings;
  by_word.masking = Masking::word;
  std::vector<Place> longer;
  for (size_t text = 0; text < texts.size(); ++text) {
    for (const TokenScore& score : alone[text]) {
      if (masked_end(texts[text], score.index, Masking::word) > score.index + 1) {
        longer.push_back({text, score.index});
      }
    }
  }
  std::vector<TextScores> scores = alone;
  if (longer.empty()) return scores;
  const auto again = score_places(session, texts, longer, by_word);
  for (size_t text = 0; text < texts.size(); ++text) {
    auto found = scores[text].begin();
    for (const TokenScore& score : again[text]) {
      found = std::ranges::find(found, scores[text].end(), score.index, &TokenScore::index);
      *found = score;
    }
  }
  return scores;
}

}  // namespace locus
