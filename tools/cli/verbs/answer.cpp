#include "tools/cli/verbs/answer.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/model_input.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

/// The tokens of the second text of a pair.
AskedText asked_of(const EncodedText& pair) {
  const auto first = std::ranges::find(pair.sequences, 1);
  const auto last = std::ranges::find(first, pair.sequences.end(), 1,
                                      [](int32_t sequence) { return sequence == 1 ? 0 : 1; });
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

/// The same without white space around it.
Span trimmed(const std::string& text, Span span) {
  const auto space = [&](int64_t byte) {
    return std::string_view(" \t\r\n").find(text[static_cast<size_t>(byte)]) != std::string::npos;
  };
  while (span.begin < span.end && space(span.begin)) ++span.begin;
  while (span.end > span.begin && space(span.end - 1)) --span.end;
  return span;
}

/// An answer as it is shown.
struct ShownAnswer {
  Span bytes;
  std::string text;
  double score, probability;
};

/// Spans that are the same text once their words are whole are shown once.
std::vector<ShownAnswer> shown(const EncodedText& pair, const AskedText& asked,
                               const std::vector<Answer>& answers, const std::string& context) {
  std::vector<ShownAnswer> list;
  for (const Answer& answer : answers) {
    const Span bytes = trimmed(context, answer_bytes(pair, asked, answer));
    if (std::ranges::find(list, bytes, &ShownAnswer::bytes) != list.end()) continue;
    list.push_back({bytes, context.substr(bytes.begin, bytes.end - bytes.begin), answer.score,
                    answer.probability});
  }
  return list;
}

Json answer_json(const ShownAnswer& answer) {
  return {{"answer", answer.text},
          {"begin", answer.bytes.begin},
          {"end", answer.bytes.end},
          {"score", answer.score},
          {"probability", answer.probability}};
}

Json to_json(const std::vector<ShownAnswer>& list, const Answers& answers,
             const AnswerOptions& options) {
  const bool none = options.perhaps_none && answers.none > list.front().score;
  Json document = none ? Json{{"answer", nullptr}} : answer_json(list.front());
  if (options.settings.top > 1) {
    document["answers"] = Json::array();
    for (const ShownAnswer& answer : list) document["answers"].push_back(answer_json(answer));
  }
  document["no_answer_score"] = answers.none;
  document["windows"] = answers.windows;
  return document;
}

std::string to_text(const std::vector<ShownAnswer>& list, const Answers& answers,
                    const AnswerOptions& options) {
  if (options.perhaps_none && answers.none > list.front().score) return "no answer\n";
  Table table({left("answer", 20), right("probability"), right("score"), right("bytes")});
  for (const ShownAnswer& answer : list) {
    table.add({visible(answer.text), fixed(answer.probability, 4), fixed(answer.score, 3),
               std::to_string(answer.bytes.begin) + "-" + std::to_string(answer.bytes.end)});
  }
  return table.text(terminal_width());
}

void read_context(AnswerOptions& options) {
  if (options.question.empty()) throw UsageError("--question needs a text");
  if (options.context.empty() == options.file.empty()) {
    throw UsageError("expected --context or --context-file");
  }
  if (!options.file.empty()) options.context = read_file(options.file);
  check_text("question", options.question);
  check_text("context", options.context);
}

}  // namespace

void answer(AnswerOptions options, const Model& model) {
  read_context(options);
  const EncodedText pair = open_tokenizer(model)->encode_pair(options.question, options.context);
  const AskedText asked = asked_of(pair);
  if (asked.begin >= asked.end) throw Error("context", "at least one token", "none");
  options.settings.window = std::min(options.settings.window, longest_input(model));
  Session session(model.graph(), session_options(options.common));
  const Cancellable cancellable(session);
  const Answers answers = find_answers(session, asked, options.settings);
  const auto list = shown(pair, asked, answers.best, options.context);
  if (!options.common.json) return print(to_text(list, answers, options));
  Json document = to_json(list, answers, options);
  if (model.graph()->untrained()) document["untrained"] = true;
  print_json(document);
}

Action add_answer(Arguments& arguments) {
  const auto options = std::make_shared<AnswerOptions>();
  add_model(arguments, options->common);
  arguments.option("--question", &options->question, {"TEXT", "what is asked"});
  arguments.option("--context", &options->context, {"TEXT", "the text that holds the answer"});
  arguments.option("--context-file", &options->file, {"FILE", "a file of it; - is stdin"});
  arguments.option("--top", &options->settings.top, {"K", "answers", Range{1, 1000}});
  arguments.option("--longest", &options->settings.longest,
                   {"N", "tokens of an answer, at most", Range{1, 1e6}});
  arguments.option("--window", &options->settings.window,
                   {"N", "tokens that are read at a time, question included", Range{1, 1e6}});
  arguments.option("--overlap", &options->settings.overlap,
                   {"N", "tokens that two windows share", Range{0, 1e6}});
  arguments.flag("--perhaps-none", options->perhaps_none,
                 "say that there is no answer where the model is more for that");
  arguments.example("locus answer path/to/model --question 'Who?' --context 'Ada wrote it.'");
  return [options] { answer(*options, *open_model(options->common)); };
}

}  // namespace locus::cli
