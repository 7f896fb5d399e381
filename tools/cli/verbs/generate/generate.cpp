#include "tools/cli/verbs/generate/generate.hpp"

#include <algorithm>

#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/languages.hpp"
#include "tools/cli/input/model_input.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

constexpr size_t together = 16;  // prompts that run in one batch

std::string_view name_of(Finish finish) {
  switch (finish) {
    case Finish::end_token:
      return "end token";
    case Finish::max_tokens:
      return "max tokens";
    case Finish::stopped:
      return "stop text";
    case Finish::cancelled:
      return "cancelled";
  }
  return "";
}

double tokens_per_second(const GeneratedTexts& results) {
  size_t tokens = 0;
  for (const auto& texts : results.prompts) tokens += texts.front().ids.size();
  return static_cast<double>(tokens) / std::max(results.seconds, 1e-9);
}

Json to_json(const GeneratedTexts& results, const Model& model) {
  Json list = Json::array();
  for (size_t prompt = 0; prompt < results.prompts.size(); ++prompt) {
    for (const GeneratedText& generated : results.prompts[prompt]) {
      list.push_back({{"ids", generated.ids},
                      {"text", results.decoded ? Json(generated.text) : Json()},
                      {"score", generated.score},
                      {"tokens_per_second", tokens_per_second(results)},
                      {"finish", name_of(generated.finish)}});
      if (model.graph()->untrained()) list.back()["untrained"] = true;
      if (results.prompts.size() > 1) list.back()["prompt"] = prompt;
    }
  }
  return list.size() == 1 ? list.front() : list;
}

void expect_usage(bool holds, const std::string& message) {
  if (!holds) throw UsageError(message);
}

/// Options that contradict each other, or the model's config.
void check_options(const GenerateOptions& options, const BeamSettings& beam) {
  const bool beams = beam.beams > 1;
  expect_usage(beams || !options.length_penalty, "--length-penalty needs --beams");
  expect_usage(beams || !options.early_stopping, "--early-stopping needs --beams");
  expect_usage(!beams || options.stop.empty(), "--stop does not work with --beams");
  expect_usage(
      !options.min_tokens || !options.max_tokens || *options.min_tokens <= *options.max_tokens,
      "--min-tokens is more than --max-tokens");
  expect_usage(options.n_best.value_or(1) <= beam.beams, "--n-best needs as many --beams");
  expect_usage(!beams || options.temperature.value_or(0) == 0,
               "--temperature does not work with --beams");
  const bool filters = options.top_k || options.top_p || options.min_p || options.typical_p;
  if (filters && options.temperature.value_or(1) == 0) {
    warn("--top-k, --top-p, --min-p and --typical-p have no effect beside --temperature 0");
  }
}

EarlyStopping parse_early_stopping(const std::string& name) {
  if (name == "always" || name == "true") return EarlyStopping::always;
  return name == "never" ? EarlyStopping::never : EarlyStopping::heuristic;
}

/// How results reach people: one growing text, or texts as their batches end.
void print_as_they_come(GenerateOptions& options, bool grows) {
  options.batch = together;
  if (grows) {
    options.on_text = [](int64_t, std::string_view piece) {
      print(piece);
      return true;
    };
    options.on_result = [](int64_t, const auto&) { print("\n"); };
  } else {
    options.on_result = [](int64_t, const std::vector<GeneratedText>& texts) {
      for (const GeneratedText& text : texts) print(text.text + "\n");
    };
  }
}

/// A line of JSON for each piece of a text, and one with everything at each text's end.
void print_json_lines(GenerateOptions& options) {
  options.batch = together;
  options.on_text = [](int64_t prompt, std::string_view piece) {
    print(Json{{"prompt", prompt}, {"piece", piece}}.dump() + "\n");
    return true;
  };
  options.on_result = [](int64_t prompt, const std::vector<GeneratedText>& texts) {
    for (const GeneratedText& text : texts) {
      print(Json{{"prompt", prompt},
                 {"ids", text.ids},
                 {"text", text.text},
                 {"score", text.score},
                 {"finish", name_of(text.finish)}}
                .dump() +
            "\n");
    }
  };
}

GeneratedTexts run(GenerateArguments& arguments, Pipeline& pipeline, bool beams) {
  GenerateOptions& options = arguments.options;
  if (arguments.stream) print_json_lines(options);
  if (!arguments.ids.empty()) {
    const std::vector<int32_t> prompts[] = {read_ids(pipeline.model(), arguments.ids)};
    if (!arguments.common.json) print_as_they_come(options, !beams);
    return pipeline.generate(prompts, options);
  }
  if (arguments.prompts.empty()) pipeline.tokenizer();  // before stdin is waited for
  const auto prompts = texts_or_lines(arguments.prompts);
  if (!arguments.common.json) print_as_they_come(options, prompts.size() == 1 && !beams);
  return pipeline.generate(prompts, options);
}

}  // namespace

void generate(GenerateArguments arguments, Pipeline& pipeline) {
  GenerateOptions& options = arguments.options;
  if (!arguments.early_stopping.empty()) {
    options.early_stopping = parse_early_stopping(arguments.early_stopping);
  }
  options.special = !arguments.no_special;
  const auto settings = generation_settings(pipeline.model(), options);
  const auto& beam = settings.beam;
  check_options(options, beam);
  if (options.seed != 0 && settings.sampling.temperature == 0) {
    warn("--seed has no effect, since nothing is drawn: --temperature is 0");
  }
  const Cancellable cancellable(pipeline);
  const auto results = run(arguments, pipeline, beam.beams > 1);
  warn_of_task(pipeline);
  check_interruption();
  if (!arguments.common.json || arguments.stream) return;
  print_json(to_json(results, pipeline.model()));
}

namespace {

constexpr const char* by_config = " (default: the model's)";

Help with_default(const std::string& value, const std::string& meaning, Range range = {}) {
  return {value, meaning + by_config, range};
}

void add_search(Arguments& arguments, GenerateArguments& wanted) {
  GenerateOptions& options = wanted.options;
  arguments.option("--beams", &options.beams,
                   with_default("K", "beams to search with", Range{1, 1024}));
  arguments.option("--n-best", &options.n_best,
                   {"N", "results for each prompt, at most the beams", Range{1, 1024}});
  arguments.option("--length-penalty", &options.length_penalty,
                   with_default("X", "beam scores: sum of log p / length^X"));
  arguments.flag_or_option(
      "--early-stopping", wanted.early_stopping, "always",
      {"WHEN", "end a beam search with enough results: always, never, heuristic",
       Choices{"always", "true", "heuristic", "false", "never"}});
}

void add_sampling(Arguments& arguments, GenerateOptions& options) {
  arguments.option("--temperature", &options.temperature,
                   with_default("X", "of the draws; 0: the most probable token", Range{0}));
  arguments.option("--top-k", &options.top_k,
                   with_default("K", "draw from the K most probable tokens; 0: all", Range{0}));
  arguments.option(
      "--top-p", &options.top_p,
      with_default("P", "draw from the fewest tokens with this probability", Range{0, 1}));
  arguments.option("--min-p", &options.min_p,
                   with_default("P", "drop tokens below this share of the largest", Range{0, 1}));
  arguments.option(
      "--typical-p", &options.typical_p,
      with_default("P", "draw from the tokens nearest to the expected information", Range{0, 1}));
  arguments.option("--seed", &options.seed, {"N", "of the draws", Range{0}});
}

void add_repetition(Arguments& arguments, GenerateOptions& options) {
  arguments.option("--repetition-penalty", &options.repetition_penalty,
                   with_default("X", "above 1: tokens repeat less", Range{1e-6}));
  arguments.option("--no-repeat-ngram", &options.no_repeat_ngram,
                   with_default("N", "no N tokens occur twice; 0: off", Range{0}));
}

}  // namespace

Action add_generate(Arguments& arguments) {
  const auto wanted = std::make_shared<GenerateArguments>();
  GenerateOptions* const options = &wanted->options;
  add_model(arguments, wanted->common);
  arguments.positional("PROMPT", &wanted->prompts, "prompts (default: every line of stdin)");
  add_ids(arguments, wanted->ids).excludes({"PROMPT"});
  arguments.option("--max-tokens", &options->max_tokens,
                   {"N", "new tokens at most (default: the model's, or 128)", Range{1, 1 << 24}});
  arguments.option("--min-tokens", &options->min_tokens,
                   with_default("N", "new tokens at least", Range{0, 1 << 24}));
  arguments
      .flag("--no-special", wanted->no_special,
            "prompts without the special tokens that the tokenizer adds")
      .excludes({"--ids"});
  arguments
      .flag("--stream", wanted->stream,
            "a line for each piece of a text, and one for each whole text")
      .needs({"--json"});
  arguments.option("--stop", &options->stop, {"TEXT", "end before this text; may be repeated"});
  add_languages(arguments, options->languages);
  add_search(arguments, *wanted);
  add_sampling(arguments, *options);
  add_repetition(arguments, *options);
  arguments.example("locus generate causal-rope 'The kernel' --max-tokens 40");
  return [wanted] {
    Pipeline pipeline = open_pipeline(wanted->common);
    generate(*wanted, pipeline);
  };
}

}  // namespace locus::cli
