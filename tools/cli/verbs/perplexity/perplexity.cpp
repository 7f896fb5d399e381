#include "tools/cli/verbs/perplexity/perplexity.hpp"

#include "base/error.hpp"
#include "pipelines/documents.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/languages.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/progress.hpp"
#include "tools/cli/terminal/terminal.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

void check_usage(const PerplexityOptions& options) {
  const bool ids = !options.ids_file.empty();
  if (ids == !options.texts.empty()) throw UsageError("expected --text or --ids-file");
  if (options.source.empty() && options.evaluate.languages.given()) {
    throw UsageError("expected --source with the texts of the source language");
  }
  if (!options.source.empty() && (ids || options.texts.size() != 1)) {
    throw UsageError("--source needs one --text with as many lines");
  }
}

/// `none`, or an id.
BeginToken parse_begin(const std::string& text) {
  if (text == "none") return {true, {}};
  const auto ids = parse_ids("--bos", text);
  if (ids.size() != 1) throw UsageError("--bos takes 'none' or one id");
  return {true, ids.front()};
}

EvaluateOptions evaluate_options(const PerplexityOptions& options) {
  EvaluateOptions wanted = options.evaluate;
  if (!options.convention.empty()) wanted.convention = parse_convention(options.convention);
  if (options.full) wanted.sample = 0;
  if (!options.bos.empty()) wanted.begin = parse_begin(options.bos);
  return wanted;
}

/// A source and its target are a line each.
Evaluation evaluate_pairs(const PerplexityOptions& options, Pipeline& pipeline,
                          const EvaluateOptions& wanted) {
  auto targets = read_given_documents(options.texts, "\n");
  const auto sources = read_given_documents({options.source}, "\n");
  if (sources.size() == targets.size()) {
    return pipeline.evaluate(sources, std::move(targets), wanted);
  }
  throw Error(options.source, std::to_string(targets.size()) + " lines, one for each of the text",
              std::to_string(sources.size()));
}

/// Writes a line for each token as it is scored.
Evaluation evaluate_by_token(const std::string& file, Pipeline& pipeline,
                             const OpenDocuments& documents, const EvaluateOptions& wanted) {
  TokenLines lines(file);
  const Tokenizer& tokenizer = pipeline.tokenizer();
  auto evaluation = pipeline.evaluate(documents, wanted, [&](const StreamedScore& scored) {
    lines.add(scored.name, scored.score, scored.byte_begin, &tokenizer);
  });
  lines.commit();
  return evaluation;
}

Evaluation evaluate(const PerplexityOptions& options, Pipeline& pipeline) {
  EvaluateOptions wanted = evaluate_options(options);
  Progress progress("scoring");
  wanted.progress = [&](int64_t done, int64_t total) { progress.show(done, total); };
  if (!options.source.empty()) return evaluate_pairs(options, pipeline, wanted);
  if (!options.ids_file.empty()) return pipeline.evaluate(read_ids_file(options.ids_file), wanted);
  const auto documents = stream_given_documents(options.texts, options.separator, options.field);
  if (options.limit) {
    const auto drawn = drawn_documents(documents, *options.limit, wanted.seed, check_interruption);
    return pipeline.evaluate(drawn, wanted);
  }
  if (options.per_token.empty()) return pipeline.evaluate(documents, wanted);
  return evaluate_by_token(options.per_token, pipeline, documents, wanted);
}

void measure_perplexity(const PerplexityOptions& options, Pipeline& pipeline) {
  const Cancellable cancellable(pipeline);
  const Evaluation evaluation = evaluate(options, pipeline);
  warn_of_task(pipeline);
  const bool held = !evaluation.scores.empty();
  if (held && !options.per_token.empty()) write_token_lines(options.per_token, evaluation);
  const PerplexityReport report{pipeline.model(), evaluation, pipeline.session().threads()};
  if (options.common.json) return print_json(to_json(report));
  print(to_text(report));
}

void add_text(Arguments& arguments, PerplexityOptions& options) {
  arguments.option("--text", &options.texts,
                   {"FILE",
                    "a text file or a folder of them (needed, or --ids-file); may be "
                    "repeated"});
  const std::vector<std::string> others{"--ids-file", "--source"};
  arguments
      .option("--separator", &options.separator,
              {"TEXT", "what divides the documents of a file", AnyText()})
      .excludes(others);
  arguments
      .option("--field", &options.field, {"NAME", "JSON lines (also .gz): the key of the text"})
      .excludes(others);
  arguments
      .option("--limit", &options.limit,
              {"N", "score N documents alone, or blocks of those longer than 8 kB, drawn by --seed",
               Range{1, 1 << 30}})
      .excludes(others);
  arguments.option("--ids-file", &options.ids_file,
                   {"FILE", "token ids instead, a document a line"});
  arguments.option(
      "--source", &options.source,
      {"FILE", "encoder-decoders: what the encoder reads, a line for each line of the text"});
  add_languages(arguments, options.evaluate.languages);
}

void add_windows(Arguments& arguments, PerplexityOptions& options) {
  arguments.option("--context", &options.evaluate.context,
                   {"L", "tokens of a window (default: the model's)", Range{2, 1 << 24}});
  arguments.option("--stride", &options.evaluate.stride,
                   {"S", "tokens between windows (default: half of them)", Range{1, 1 << 24}});
  arguments.option(
      "--convention", &options.convention,
      {"NAME", "how windows are cut: sliding (the default), disjoint, llama.cpp, lm-eval or hf",
       Choices{"sliding", "disjoint", "llama.cpp", "lm-eval", "hf"}});
}

}  // namespace

Action add_perplexity(Arguments& arguments) {
  const auto options = std::make_shared<PerplexityOptions>();
  add_model(arguments, options->common);
  add_text(arguments, *options);
  add_windows(arguments, *options);
  arguments.option("--task", &options->evaluate.task,
                   {"NAME", "causal, masked, masked-word or infill (default: the model's)",
                    Choices{"causal", "masked", "masked-word", "infill"}});
  arguments.option("--sample", &options->evaluate.sample,
                   {"N", "masked tasks: tokens to score (default: 512)", Range{1, 1 << 30}});
  arguments.option(
      "--bos", &options->bos,
      {"ID", "causal models: windows begin with it, or with 'none' (default: the model's)"});
  arguments.flag("--full", options->full, "masked tasks: score every token").excludes({"--sample"});
  arguments.option("--seed", &options->evaluate.seed,
                   {"N", "of samples, spans and the bootstrap", Range{0}});
  arguments.output("--per-token", &options->per_token,
                   {"FILE.jsonl", "write a JSON line for each scored token"});
  arguments.example("locus perplexity causal-rope --text README.md --context 256 --stride 128");
  return [options] {
    check_usage(*options);
    Pipeline pipeline = open_pipeline(options->common, options->evaluate.context.value_or(0));
    measure_perplexity(*options, pipeline);
  };
}

}  // namespace locus::cli
