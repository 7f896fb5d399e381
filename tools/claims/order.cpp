// Does attention without positions see order?
#include "base/random.hpp"
#include "evaluation/score_units.hpp"
#include "pipelines/scoring_tokens.hpp"
#include "tools/claims/bench.hpp"
#include "tools/claims/measures.hpp"

namespace locus::cli::claims {
namespace {

enum OrderLabel : size_t { unchanged_answer, shuffled_answers };

/// A token to predict, in a window that is a text of its own.
struct Question {
  Place origin;       ///< among the documents
  Text window;        ///< ids alone
  int64_t place = 0;  ///< of the token in the window
  int64_t asker = 0;  ///< the row that predicts it: the mask, or the last token that is read
};

Question question_of(const Text& text, const Place& origin, Surroundings seen) {
  Question question{origin, {}, origin.index - seen.begin, origin.index - seen.begin};
  question.window.ids.assign(text.ids.begin() + seen.begin, text.ids.begin() + seen.end);
  return question;
}

std::vector<Question> questions_of(const Reader& reader, const BenchSettings& settings) {
  const bool causal = reader.model->graph()->causal();
  int64_t room = trained_length - 1;  // of a causal model's window, the token that opens it
  if (!causal) {
    const MaskedSettings masked =
        masked_settings({.tokens = scoring_tokens(*reader.model, reader.tokenizer.get())});
    room = trained_length - static_cast<int64_t>(masked.before.size() + masked.after.size());
  }
  std::vector<Question> questions;
  for (const Place& place : sample_places(reader.texts, settings.sample, settings.seed)) {
    const Text& text = reader.texts[place.text];
    const auto tokens = static_cast<int64_t>(text.ids.size());
    if (!causal) {
      questions.push_back(question_of(text, place, surroundings(place.index, tokens, room)));
    } else if (place.index > 0) {
      const int64_t begin = std::max<int64_t>(0, place.index - room);
      questions.push_back(question_of(text, place, {begin, place.index + 1}));
      questions.back().asker -= 1;
    }
  }
  return questions;
}

/// Everything but the token and the row that predicts it changes places (Fisher and Yates).
void shuffle(Question& question, Random& random) {
  std::vector<size_t> movable;
  for (int64_t i = 0; i < static_cast<int64_t>(question.window.ids.size()); ++i) {
    if (i != question.place && i != question.asker) movable.push_back(static_cast<size_t>(i));
  }
  auto& ids = question.window.ids;
  for (size_t i = movable.size(); i > 1; --i) {
    const auto other = static_cast<size_t>(random.below(static_cast<int64_t>(i)));
    std::swap(ids[movable[i - 1]], ids[movable[other]]);
  }
}

Scored answers(Bench& bench, const Reader& reader, const std::vector<Question>& questions) {
  std::vector<Text> texts;
  std::vector<Place> places;
  for (const Question& question : questions) {
    places.push_back({texts.size(), question.place});
    texts.push_back(question.window);
  }
  std::vector<TextScores> scores(reader.texts.size());
  const auto answered = bench.at_places(reader, texts, places);
  for (size_t i = 0; i < questions.size(); ++i) {
    const auto& [text, index] = questions[i].origin;
    scores[text].push_back(answered[i].at(0));
    scores[text].back().index = index;
  }
  return bench.with_units(reader, std::move(scores));
}

/// The answers in order, and with the windows shuffled.
std::pair<Scored, Scored> both(Bench& bench, const std::string& name) {
  const auto reader = bench.reader(name);
  std::vector<Question> questions = questions_of(*reader, bench.settings());
  Scored before = answers(bench, *reader, questions);
  Random random(bench.settings().seed);
  for (Question& question : questions) shuffle(question, random);
  return {std::move(before), answers(bench, *reader, questions)};
}

}  // namespace

Findings measure_order(Bench& bench) {
  Findings findings;
  const auto [before, after] = both(bench, "masked-none");
  const double largest = largest_change(before.scores, after.scores);
  findings.figures.push_back(
      {unchanged_answer, "masked-none", largest,
       largest < rounding_in_nats ? Support::confirms : Support::contradicts});
  const std::vector<std::string> names{"causal-none", "masked-rope"};
  std::vector<std::vector<Unit>> in_order, shuffled;
  for (const std::string& name : names) {
    const auto [first, second] = both(bench, name);
    in_order.push_back(first.units);
    shuffled.push_back(second.units);
  }
  const auto causal = bench.compare_pairs({shuffled[0]}, {in_order[0]}).front();
  const auto control = bench.compare_pairs({shuffled[1]}, {in_order[1]}).front();
  findings.figures.push_back(
      {shuffled_answers, names[0], causal.difference, supports_no_worse(causal), causal});
  findings.figures.push_back(
      {shuffled_answers, names[1], control.difference, Support::none, control});
  return findings;
}

}  // namespace locus::cli::claims
