#include "tools/cli/verbs/generate/generate.hpp"

#include <algorithm>
#include <chrono>

#include "base/error.hpp"
#include "models/generate.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/model_input.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/verbs/generate/generated_text.hpp"
#include "tools/cli/verbs/generate/settings.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

using Prompts = std::vector<std::vector<int32_t>>;

constexpr int64_t usual_tokens = 128;
constexpr size_t together = 16;  // prompts that run in one batch

bool is_sequence_to_sequence(const Model& model) {
  return model.spec().task == "sequence-to-sequence";
}

void expect_generator(const Model& model) {
  const auto& task = model.spec().task;
  if (task == "causal-lm" || is_sequence_to_sequence(model)) return;
  throw Error("generate", "a causal or sequence-to-sequence model", task);
}

// Nothing follows an end token, and so the one that a template adds to a causal prompt goes.
std::vector<int32_t> without_end(EncodedText encoding, std::span<const int32_t> ends) {
  auto& ids = encoding.ids;
  while (ids.size() > 1 && encoding.special[ids.size() - 1] &&
         std::find(ends.begin(), ends.end(), ids.back()) != ends.end()) {
    ids.pop_back();
  }
  return std::move(ids);
}

Prompts read_prompts(const GenerateOptions& options, const Model& model, const Tokenizer* tokenizer,
                     const std::string& code) {
  if (!options.ids.empty()) return {read_ids(model, options.ids)};
  Prompts prompts;
  for (const auto& text : texts_or_lines(options.prompts)) {
    auto encoding = tokenizer->encode(code + text);
    prompts.push_back(is_sequence_to_sequence(model)
                          ? encoding.ids
                          : without_end(encoding, model.special().all_eos));
    check_sequence(model, "prompt", prompts.back());
  }
  return prompts;
}

/// Room for new tokens: what was asked for, else what the model's config says, else as much as
/// fits.
int64_t max_tokens(const GenerateOptions& options, const Model& model,
                   const GenerationSettings& settings, const Prompts& prompts) {
  if (options.max_tokens) return *options.max_tokens;
  size_t longest = 0;
  for (const auto& prompt : prompts) longest = std::max(longest, prompt.size());
  const auto read = static_cast<int64_t>(longest);
  const int64_t room = is_sequence_to_sequence(model) ? usual_tokens : longest_input(model) - read;
  return usual_max_tokens(settings, *model.graph(), read,
                          std::clamp<int64_t>(room, 1, usual_tokens));
}

struct Generator {
  const GenerationSettings settings;
  const Model& model;
  std::shared_ptr<const Tokenizer> tokenizer;
  Session& session;

  GeneratedText text() const { return GeneratedText(tokenizer, settings.stop_texts); }
};

/// Results of some prompts, in order; `n_best` for each.
struct Results {
  std::vector<std::vector<Generated>> texts;
  double tokens_per_second = 0;
};

Results run(const Generator& generator, const Prompts& prompts, const TokenCallback& on_token) {
  GenerationSettings settings = generator.settings;
  settings.on_token = on_token;
  const auto start = std::chrono::steady_clock::now();
  Results results{locus::generate(generator.session, prompts, settings), 0};
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  size_t tokens = 0;
  for (const auto& texts : results.texts) tokens += texts.front().ids.size();
  results.tokens_per_second = static_cast<double>(tokens) / std::max(seconds.count(), 1e-9);
  return results;
}

// Every prompt's text ends at its own stop text.
Results run_quietly(const Generator& generator, const Prompts& prompts) {
  std::vector<GeneratedText> writers;
  for (size_t i = 0; i < prompts.size(); ++i) writers.push_back(generator.text());
  const bool watched = !generator.settings.stop_texts.empty();
  return run(generator, prompts,
             watched ? TokenCallback([&](int64_t prompt, int32_t id) {
               auto& writer = writers[static_cast<size_t>(prompt)];
               writer.push(id);
               return !writer.stopped();
             })
                     : TokenCallback());
}

std::string text_of(const Generator& generator, const Generated& generated) {
  auto writer = generator.text();
  for (const auto id : generated.ids) writer.push(id);
  writer.finish();
  return writer.text();
}

std::string_view name_of(Finish finish) {
  switch (finish) {
    case Finish::end_token:
      return "end token";
    case Finish::max_tokens:
      return "max tokens";
    case Finish::stopped:
      return "stop text";
  }
  return "";
}

Json to_json(const Generator& generator, const Generated& generated, double tokens_per_second) {
  Json document{{"ids", generated.ids},
                {"text", generator.tokenizer ? Json(text_of(generator, generated)) : Json()},
                {"score", generated.score},
                {"tokens_per_second", tokens_per_second},
                {"finish", name_of(generated.finish)}};
  if (generator.model.graph()->untrained()) document["untrained"] = true;
  return document;
}

void generate_json(const Generator& generator, const Prompts& prompts) {
  const auto results = run_quietly(generator, prompts);
  Json list = Json::array();
  for (size_t prompt = 0; prompt < results.texts.size(); ++prompt) {
    for (const auto& generated : results.texts[prompt]) {
      list.push_back(to_json(generator, generated, results.tokens_per_second));
      if (prompts.size() > 1) list.back()["prompt"] = prompt;
    }
  }
  print_json(list.size() == 1 ? list.front() : list);
}

void stream(const Generator& generator, const Prompts& prompts) {
  auto writer = generator.text();
  run(generator, prompts, [&](int64_t, int32_t id) {
    print(writer.push(id));
    return !writer.stopped();
  });
  print(writer.finish() + "\n");
}

void print_texts(const Generator& generator, const Prompts& prompts) {
  for (size_t begin = 0; begin < prompts.size(); begin += together) {
    const auto end = std::min(begin + together, prompts.size());
    const auto results =
        run_quietly(generator, Prompts(prompts.begin() + begin, prompts.begin() + end));
    for (const auto& texts : results.texts) {
      for (const auto& generated : texts) print(text_of(generator, generated) + "\n");
    }
  }
}

}  // namespace

namespace {

void expect_usage(bool holds, const std::string& message) {
  if (!holds) throw UsageError(message);
}

/// Options that contradict each other.
void check_options(const GenerateOptions& options, const BeamSettings& beam) {
  const bool beams = beam.beams > 1;
  expect_usage(!beams || options.stop.empty(), "--stop does not work with --beams");
  expect_usage(std::ranges::count(options.stop, "") == 0, "--stop needs a text");
  expect_usage(options.ids.empty() || options.prompts.empty(), "--ids and a text are two prompts");
  expect_usage(
      !options.min_tokens || !options.max_tokens || *options.min_tokens <= *options.max_tokens,
      "--min-tokens is more than --max-tokens");
  expect_usage(options.n_best.value_or(1) <= beam.beams, "--n-best needs as many --beams");
  expect_usage(!beams || options.temperature.value_or(0) == 0,
               "--temperature does not work with --beams");
}

}  // namespace

void generate(const GenerateOptions& options, const Model& model) {
  expect_generator(model);
  GenerationSettings settings = generation_settings_of(options, model);
  const bool beams = settings.beam.beams > 1;
  check_options(options, settings.beam);
  const auto tokenizer =
      options.ids.empty() ? open_tokenizer(model, options.languages.source) : find_tokenizer(model);
  const std::string code = take_languages(options, model, tokenizer.get(), settings);
  check_stop_texts(settings, tokenizer.get());
  const auto prompts = read_prompts(options, model, tokenizer.get(), code);
  settings.max_tokens = max_tokens(options, model, settings, prompts);
  Session session(model.graph(), session_options(options.common));
  const Cancellable cancellable(session);
  const Generator generator{settings, model, tokenizer, session};
  if (options.common.json) {
    generate_json(generator, prompts);
  } else if (prompts.size() == 1 && !beams) {
    stream(generator, prompts);
  } else {
    print_texts(generator, prompts);
  }
}

namespace {

constexpr const char* by_config = " (default: the model's)";

Help with_default(const std::string& value, const std::string& meaning, Range range = {}) {
  return {value, meaning + by_config, range};
}

void add_search(Arguments& arguments, GenerateOptions& options) {
  arguments.option("--beams", &options.beams,
                   with_default("K", "beams to search with", Range{1, 1024}));
  arguments.option("--n-best", &options.n_best,
                   {"N", "results for each prompt, at most the beams", Range{1, 1024}});
  arguments.option("--length-penalty", &options.length_penalty,
                   with_default("X", "beam scores: sum of log p / length^X"));
  arguments.flag_or_option(
      "--early-stopping", options.early_stopping, "always",
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
  arguments.option("--no-repeat-ngram", &options.no_ngram,
                   with_default("N", "no N tokens occur twice; 0: off", Range{0}));
}

}  // namespace

Action add_generate(Arguments& arguments) {
  const auto options = std::make_shared<GenerateOptions>();
  add_model(arguments, options->common);
  arguments.positional("PROMPT", &options->prompts, "prompts (default: every line of stdin)");
  add_ids(arguments, options->ids);
  arguments.option("--max-tokens", &options->max_tokens,
                   {"N", "new tokens at most (default: the model's, or 128)", Range{1, 1 << 24}});
  arguments.option("--min-tokens", &options->min_tokens,
                   with_default("N", "new tokens at least", Range{0, 1 << 24}));
  arguments.option("--stop", &options->stop, {"TEXT", "end before this text; may be repeated"});
  add_languages(arguments, options->languages);
  add_search(arguments, *options);
  add_sampling(arguments, *options);
  add_repetition(arguments, *options);
  arguments.example("locus generate causal-rope 'The kernel' --max-tokens 40");
  return [options] { generate(*options, *open_model(options->common)); };
}

}  // namespace locus::cli
