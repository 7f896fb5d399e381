#include "tools/cli/verbs/perplexity/perplexity.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "evaluation/score_units.hpp"
#include "evaluation/statistics.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/progress.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

void check_usage(const PerplexityOptions& options) {
  const bool ids = !options.ids_file.empty();
  if (ids == !options.texts.empty()) throw UsageError("expected --text or --ids-file");
  const auto& languages = options.languages;
  if (options.source.empty() && !(languages.source + languages.target).empty()) {
    throw UsageError("expected --source with the texts of the source language");
  }
  if (!options.source.empty() && (ids || options.texts.size() != 1)) {
    throw UsageError("--source needs one --text with as many lines");
  }
}

// A source and its target are a line each.
PerplexityInput read_pairs(const PerplexityOptions& options, const Model& model,
                           const Tokenizer& target, ScoringSettings& settings) {
  const auto tokenizer = open_tokenizer(model, options.languages.source);
  const bool coded = model.spec().family == "marian";
  const std::string code = coded ? marian_code(*tokenizer, options.languages.target) : "";
  settings.beginning = target_beginning(model, target);
  PerplexityInput input;
  input.documents = read_documents(options.texts, "\n");
  for (const auto& source : read_documents({options.source}, "\n")) {
    settings.sources.push_back(tokenizer->encode_ids(code + source.raw));
  }
  const auto lines = input.documents.size();
  if (settings.sources.size() != lines) {
    throw Error(options.source, std::to_string(lines) + " lines, one for each of the text",
                std::to_string(settings.sources.size()));
  }
  input.texts = make_texts(target, input.documents);
  return input;
}

/// Of the texts that are scored: a target's where a source is given.
std::shared_ptr<const Tokenizer> tokenizer_of(const PerplexityOptions& options,
                                              const Model& model) {
  if (!options.ids_file.empty()) return find_tokenizer(model);
  if (options.source.empty()) return open_tokenizer(model);
  const bool mbart = model.spec().family == "mbart";
  return open_target_tokenizer(model, mbart ? options.languages.target : "");
}

PerplexityInput read_input(const PerplexityOptions& options, const Model& model,
                           const Tokenizer* tokenizer, ScoringSettings& settings) {
  if (!options.source.empty()) return read_pairs(options, model, *tokenizer, settings);
  PerplexityInput input;
  if (!options.ids_file.empty()) {
    input.texts = read_ids_file(options.ids_file);
  } else {
    input.documents = read_documents(options.texts, options.separator);
    input.texts = make_texts(*tokenizer, input.documents);
  }
  const auto vocabulary = model.graph()->vocabulary();
  for (const auto& text : input.texts) {
    for (const auto id : text.ids) {
      if (id >= 0 && id < vocabulary) continue;
      throw Error(text.name, "ids below " + std::to_string(vocabulary), std::to_string(id));
    }
  }
  return input;
}

ScoringSettings settings_of(const PerplexityOptions& options, const Model& model) {
  ScoringSettings settings;
  settings.task = scoring_task(model, options.task, !options.source.empty());
  settings.convention = parse_convention(options.convention);
  settings.context = options.context.value_or(default_context(*model.graph()));
  settings.stride = options.stride.value_or(0);
  settings.sample = options.full ? 0 : options.sample;
  settings.seed = options.seed;
  return settings;
}

PerplexityResult measure_result(const PerplexityInput& input, std::span<const TextScores> scores,
                                const Tokenizer* tokenizer, uint64_t seed) {
  const auto units = score_units(input.texts, scores, input.documents);
  BootstrapSettings bootstrap_settings;
  bootstrap_settings.seed = seed;
  PerplexityResult result;
  result.summary = summarize(input.texts, scores);
  result.interval = bootstrap(units_by_token(units.scores), bootstrap_settings);
  result.unit = units.unit;
  result.units = units.scores.size();
  if (!input.documents.empty()) result.lossy_share = lossy_share(*tokenizer, input.documents);
  return result;
}

void measure_perplexity(const PerplexityOptions& options) {
  check_usage(options);
  const auto model = open_model(options.common, options.context.value_or(0));
  auto settings = settings_of(options, *model);
  const auto tokenizer = tokenizer_of(options, *model);
  const auto input = read_input(options, *model, tokenizer.get(), settings);
  Session session(model->graph(), session_options(options.common));
  const Cancellable cancellable(session);
  Progress progress("scoring");
  settings.batch.progress = [&](int64_t done, int64_t total) { progress.show(done, total); };
  const auto scores = score_texts(session, *model, tokenizer.get(), input.texts, settings);
  progress.clear();
  const auto result = measure_result(input, scores, tokenizer.get(), options.seed);
  if (!options.per_token.empty()) {
    write_token_lines(options.per_token, input.texts, scores, tokenizer.get());
  }
  const PerplexityReport report{*model,   tokenizer.get(), input,
                                settings, result,          session.threads()};
  if (options.common.json) return print_json(to_json(report));
  print(to_text(report));
}

void add_text(Arguments& arguments, PerplexityOptions& options) {
  arguments.option("--text", &options.texts,
                   {"FILE", "a text file or a folder of them; may be repeated"});
  arguments.option("--separator", &options.separator,
                   {"TEXT", "what divides the documents of a file"});
  arguments.option("--ids-file", &options.ids_file,
                   {"FILE", "token ids instead, a document a line"});
  arguments.option(
      "--source", &options.source,
      {"FILE", "encoder-decoders: what the encoder reads, a line for each line of the text"});
  add_languages(arguments, options.languages);
}

void add_windows(Arguments& arguments, PerplexityOptions& options) {
  arguments.option("--context", &options.context,
                   {"L", "tokens of a window (default: the model's)", Range{2, 1 << 24}});
  arguments.option("--stride", &options.stride,
                   {"S", "tokens between windows (default: half of them)", Range{1, 1 << 24}});
  arguments.option("--convention", &options.convention,
                   {"NAME", "how windows are cut: sliding, disjoint, llama.cpp, lm-eval or hf",
                    Choices{"sliding", "disjoint", "llama.cpp", "lm-eval", "hf"}});
}

}  // namespace

Action add_perplexity(Arguments& arguments) {
  const auto options = std::make_shared<PerplexityOptions>();
  add_model(arguments, options->common);
  add_text(arguments, *options);
  add_windows(arguments, *options);
  arguments.option("--task", &options->task,
                   {"NAME", "causal, masked, masked-word or infill (default: the model's)",
                    Choices{"causal", "masked", "masked-word", "infill"}});
  arguments.option("--sample", &options->sample,
                   {"N", "masked tasks: tokens to score", Range{1, 1 << 30}});
  arguments.flag("--full", options->full, "masked tasks: score every token");
  arguments.option("--seed", &options->seed,
                   {"N", "of samples, spans and the bootstrap", Range{0}});
  arguments.option("--per-token", &options->per_token,
                   {"FILE.jsonl", "write a JSON line for each scored token"});
  arguments.example("locus perplexity causal-rope --text README.md --context 256 --stride 128");
  return [options] { measure_perplexity(*options); };
}

}  // namespace locus::cli
