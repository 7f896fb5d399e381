#include "models/answer.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "pipelines/tasks/tasks.hpp"

namespace locus::pipelines {
namespace {

/// The tokens of the second text of a pair.
AskedText asked_of(const EncodedText& pair) {
  const auto first = std::ranges::find(pair.sequences, 1);
  const auto last =
      std::find_if(first, pair.sequences.end(), [](int32_t sequence) { return sequence != 1; });
  return {pair.ids, pair.type_ids, first - pair.sequences.begin(), last - pair.sequences.begin()};
}

/// The bytes of an answer, whose first and last words are taken whole.
Span answer_bytes(const EncodedText& pair, const AskedText& asked, const Answer& answer) {
  int64_t first = answer.first, last = answer.last;
  const auto& words = pair.words;
  while (first > asked.begin && words[first - 1] == words[first]) --first;
  while (last + 1 < asked.end && words[last + 1] == words[last]) ++last;
  return {pair.offsets[first].value_or(Span{}).begin, pair.offsets[last].value_or(Span{}).end};
}

/// A span without white space at either end.
Span trimmed(std::string_view text, Span span) {
  const auto space = [&](int64_t byte) {
    return std::string_view(" \t\r\n").find(text[static_cast<size_t>(byte)]) != std::string::npos;
  };
  while (span.begin < span.end && space(span.begin)) ++span.begin;
  while (span.end > span.begin && space(span.end - 1)) --span.end;
  return span;
}

}  // namespace

TextAnswers answer(State& state, std::string_view question, std::string_view context,
                   AnswerSettings settings) {
  check_text("question", question);
  check_text("context", context);
  const EncodedText pair =
      encode_pair_for_model(state.opened_tokenizer(), question, context, state.encoding());
  const AskedText asked = asked_of(pair);
  if (asked.begin >= asked.end) throw Error("context", "at least one token", "none");
  settings.window = std::min(settings.window, default_length(*state.model));
  const Answers found = find_answers(state.session, asked, settings);
  TextAnswers answers{{}, found.none, found.windows};
  for (const Answer& each : found.best) {  // spans may be one text once their words are whole
    const Span bytes = trimmed(context, answer_bytes(pair, asked, each));
    if (std::ranges::find(answers.best, bytes, &TextAnswer::bytes) != answers.best.end()) continue;
    answers.best.push_back({bytes,
                            std::string(context.substr(bytes.begin, bytes.end - bytes.begin)),
                            each.score, each.probability});
  }
  return answers;
}

}  // namespace locus::pipelines
