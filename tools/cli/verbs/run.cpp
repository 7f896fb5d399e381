#include "base/error.hpp"
#include "models/classify.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/languages.hpp"
#include "tools/cli/verbs/answer.hpp"
#include "tools/cli/verbs/classify.hpp"
#include "tools/cli/verbs/embed.hpp"
#include "tools/cli/verbs/fill_mask.hpp"
#include "tools/cli/verbs/generate/generate.hpp"
#include "tools/cli/verbs/tag.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

struct RunOptions {
  CommonOptions common;
  std::vector<std::string> texts;
  std::string image;
  std::string pair;
  std::string question;
  std::vector<std::string> choices;
  Languages languages;
  std::string text() const { return texts.empty() ? "" : texts.front(); }
};

/// An image may stand in the place of a text.
std::optional<std::string> given_text(const RunOptions& options) {
  return options.texts.empty() ? std::nullopt : std::optional(options.text());
}

void run_fill_mask(const RunOptions& options, Pipeline& pipeline) {
  FillMaskOptions wanted;
  wanted.common = options.common;
  wanted.input.text = given_text(options);
  wanted.input.pair = options.pair;
  fill_mask(wanted, pipeline);
}

void run_generate(const RunOptions& options, Pipeline& pipeline) {
  GenerateArguments wanted;
  wanted.common = options.common;
  wanted.prompts = {options.text()};
  wanted.options.languages = options.languages;
  generate(wanted, pipeline);
}

void run_classify(const RunOptions& options, Pipeline& pipeline) {
  ClassifyOptions wanted;
  wanted.common = options.common;
  wanted.input.text = given_text(options);
  wanted.input.pair = options.pair;
  wanted.input.image = options.image;
  wanted.choices = options.choices;
  classify(wanted, pipeline);
}

void run_tag(const RunOptions& options, Pipeline& pipeline) {
  TagOptions wanted;
  wanted.common = options.common;
  wanted.text = options.text();
  tag(wanted, pipeline);
}

void run_answer(const RunOptions& options, Pipeline& pipeline) {
  AnswerOptions wanted;
  wanted.common = options.common;
  wanted.question = options.question;
  wanted.context = options.text();
  answer(wanted, pipeline);
}

void run_embed(const RunOptions& options, Pipeline& pipeline) {
  EmbedArguments wanted;
  wanted.common = options.common;
  wanted.texts = {options.text()};
  embed(wanted, pipeline);
}

/// How a task is run, and what it takes beside a text.
struct Task {
  void (*run)(const RunOptions& options, Pipeline& pipeline);
  bool pairs = false, asks = false, chooses = false, translates = false, sees = false;
};

Task task_of(const std::string& task) {
  if (task == "masked-lm") return {.run = run_fill_mask, .pairs = true};
  if (task == "causal-lm") return {.run = run_generate};
  if (task == "sequence-to-sequence") return {.run = run_generate, .translates = true};
  if (task == "multiple-choice") return {.run = run_classify, .chooses = true};
  if (classifies(task)) return {.run = run_classify, .pairs = true, .sees = true};
  if (task == "token-classification" || task == "replaced-tokens") return {.run = run_tag};
  if (task == "question-answering") return {.run = run_answer, .asks = true};
  return {.run = run_embed};
}

/// What is given and would not be read is a misunderstanding.
void refuse_unread(const char* option, bool given, bool read) {
  if (given && !read) throw UsageError(std::string("expected no ") + option + " for this model");
}

void run(const RunOptions& options) {
  Pipeline pipeline = open_pipeline(options.common);
  const GraphSpec& spec = pipeline.model().spec();
  const bool choosing = !options.choices.empty() && chooses(spec);
  const Task task = choosing ? Task{.run = run_classify, .chooses = true} : task_of(spec.task);
  refuse_unread("--pair", !options.pair.empty(), task.pairs);
  refuse_unread("--question", !options.question.empty(), task.asks);
  refuse_unread("--choice", !options.choices.empty(), task.chooses);
  refuse_unread("languages", options.languages.given(), task.translates);
  if (!options.image.empty() && !task.sees) {
    throw Error("--image", "a model that classifies images (trace takes others)",
                spec.family + " for " + spec.task);
  }
  if (options.texts.size() > 1) throw UsageError("expected one TEXT");
  if (options.texts.empty() && options.image.empty()) {
    throw UsageError("expected TEXT or --image");
  }
  task.run(options, pipeline);
}

}  // namespace

Action add_run(Arguments& arguments) {
  const auto options = std::make_shared<RunOptions>();
  add_model(arguments, options->common);
  arguments.positional("TEXT", &options->texts, "a text");
  add_image(arguments, options->image);
  arguments.option("--pair", &options->pair, {"TEXT", "a second text, where the task takes two"})
      .excludes({"--image"});
  arguments.option("--question", &options->question, {"TEXT", "what is asked of the text"});
  arguments.option(
      "--choice", &options->choices,
      {"TEXT", "a way to go on, for multiple-choice models; given for each", AnyText()});
  add_languages(arguments, options->languages);
  arguments.example("locus run causal-rope 'The kernel'");
  return [options] { run(*options); };
}

}  // namespace locus::cli
