#include "tools/cli/verbs/answer.hpp"

#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

Json answer_json(const TextAnswer& answer) {
  return {{"answer", answer.text},
          {"begin", answer.bytes.begin},
          {"end", answer.bytes.end},
          {"score", answer.score},
          {"probability", answer.probability}};
}

bool says_none(const TextAnswers& answers, const AnswerOptions& options) {
  return options.perhaps_none && answers.none > answers.best.front().score;
}

Json to_json(const TextAnswers& answers, const AnswerOptions& options) {
  Json document =
      says_none(answers, options) ? Json{{"answer", nullptr}} : answer_json(answers.best.front());
  if (options.settings.top > 1) {
    document["answers"] = Json::array();
    for (const auto& answer : answers.best) document["answers"].push_back(answer_json(answer));
  }
  document["no_answer_score"] = answers.none;
  document["windows"] = answers.windows;
  return document;
}

std::string to_text(const TextAnswers& answers, const AnswerOptions& options) {
  if (says_none(answers, options)) return "no answer\n";
  Table table({left("answer", 20), right("probability"), right("score"), right("bytes")});
  for (const TextAnswer& answer : answers.best) {
    table.add({visible(answer.text), fixed(answer.probability, 4), fixed(answer.score, 3),
               std::to_string(answer.bytes.begin) + "-" + std::to_string(answer.bytes.end)});
  }
  return table.text(terminal_width());
}

void read_context(AnswerOptions& options) {
  if (options.question.empty()) throw UsageError("expected --question");
  if (options.context.empty() == options.file.empty()) {
    throw UsageError("expected --context or --context-file");
  }
  if (!options.file.empty()) options.context = read_given(options.file);
}

}  // namespace

void answer(AnswerOptions options, Pipeline& pipeline) {
  read_context(options);
  const Cancellable cancellable(pipeline);
  const auto answers = pipeline.answer(options.question, options.context, options.settings);
  if (!options.common.json) return print(to_text(answers, options));
  Json document = to_json(answers, options);
  if (pipeline.model().graph()->untrained()) document["untrained"] = true;
  print_json(document);
}

Action add_answer(Arguments& arguments) {
  const auto options = std::make_shared<AnswerOptions>();
  add_model(arguments, options->common);
  arguments.option("--question", &options->question, {"TEXT", "what is asked (needed)"});
  arguments.option("--context", &options->context,
                   {"TEXT", "the text that holds the answer (needed, or --context-file)"});
  arguments.option("--context-file", &options->file, {"FILE", "a file of it; - is stdin"})
      .excludes({"--context"});
  arguments.option("--top", &options->settings.top, {"K", "answers", Range{1, 1000}});
  arguments.option("--max-length", &options->settings.max_length,
                   {"N", "tokens of an answer, at most", Range{1, 1e6}});
  arguments.option("--window", &options->settings.window,
                   {"N", "tokens that are read at a time, question included", Range{1, 1e6}});
  arguments.option("--overlap", &options->settings.overlap,
                   {"N", "tokens that two windows share", Range{0, 1e6}});
  arguments.flag("--perhaps-none", options->perhaps_none,
                 "say that there is no answer where the model is more for that");
  arguments.example("locus answer path/to/model --question 'Who?' --context 'Ada wrote it.'");
  return [options] {
    Pipeline pipeline = open_pipeline(options->common);
    answer(*options, pipeline);
  };
}

}  // namespace locus::cli
