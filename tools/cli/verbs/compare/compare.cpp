#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "pipelines/documents.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/staging.hpp"
#include "tools/cli/report/comparison_page.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/verbs/compare/comparison.hpp"
#include "tools/cli/verbs/compare/gather.hpp"
#include "tools/cli/verbs/compare/places.hpp"
#include "tools/cli/verbs/compare/seeds.hpp"
#include "tools/cli/verbs/compare/verify.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

constexpr int64_t default_trained_context = 256;

std::vector<int64_t> lengths_of(const CompareOptions& options) {
  std::vector<int64_t> lengths;
  if (!options.lengths.empty()) lengths = parse_lengths("--lengths", options.lengths);
  for (int64_t length = default_trained_context / 2;
       options.lengths.empty() && length <= default_trained_context * 8; length *= 2) {
    lengths.push_back(length);
  }
  std::ranges::sort(lengths);
  if (lengths.front() < 2) throw UsageError("expected lengths of 2 or more");
  return lengths;
}

void write_results(const CompareResult& result, const CompareOptions& options) {
  const auto write = [](const std::string& file, const auto& content) {
    if (!file.empty()) write_file(file, content());
  };
  write(options.out, [&] { return comparison_json(result, options).dump(2) + "\n"; });
  write(options.csv, [&] { return comparison_csv(result); });
  write(options.markdown, [&] { return comparison_markdown(result); });
  write(options.latex, [&] { return comparison_latex(result); });
  write(options.figure, [&] { return comparison_figure(result, words_of(options.language)); });
  write(options.report, [&] { return comparison_page(result, options); });
}

std::shared_ptr<const Floors> floors_for(const CompareOptions& options) {
  const auto shipped = options.floors.empty() ? shipped_floors() : std::nullopt;
  if (options.floors.empty() && !shipped) return nullptr;
  return std::make_shared<Floors>(Floors::open(shipped.value_or(options.floors)));
}

CompareResult setting_of(const CompareOptions& options) {
  CompareResult result;
  result.lengths = lengths_of(options);
  result.floors = floors_for(options);
  const auto texts = options.texts.empty() ? std::vector{shipped_text().string()} : options.texts;
  if (options.limit) {
    result.documents =
        drawn_documents(stream_given_documents(texts, options.separator, options.field),
                        *options.limit, options.seed, check_interruption);
  } else {
    result.documents = read_given_documents(texts, options.separator, options.field);
  }
  for (const Document& document : result.documents)
    result.bytes += static_cast<int64_t>(document.raw.size());
  return result;
}

void verify(const CompareOptions& options) {
  const auto checks = verify_comparison(options, setting_of(options));
  if (options.common.json) {
    print_json(verification_json(checks));
  } else {
    print(verification_text(checks));
  }
  const auto failed = std::ranges::count(checks, false, &VerifyCheck::ok);
  if (failed > 0) {
    throw Error(options.verify, "figures that can be had again",
                std::to_string(failed) + " others");
  }
}

void warn_of_tokenizers(const CompareResult& result) {
  for (const ComparedGroup& group : result.groups) {
    if (!tokenizers_differ(group)) continue;
    warn(group.metric + ": tokenizers differ, so figures per token do not compare");
  }
}

void run_comparison(const CompareOptions& options) {
  if (!options.verify.empty()) return verify(options);
  for (const std::string& file : {options.out, options.csv, options.markdown, options.latex,
                                  options.figure, options.report}) {
    expect_writable(file);
  }
  models_of(options);
  CompareResult result = setting_of(options);
  std::vector<ComparedModel> models = pool_runs(measure_all(options, result));
  add_seeds(models, options, result);
  result.groups =
      compare_models(std::move(models), {options.baseline, options.margin, options.seed});
  warn_of_tokenizers(result);
  write_results(result, options);
  if (options.common.json) return print_json(comparison_json(result, options));
  print(comparison_text(result));
}

void add_texts(Arguments& arguments, CompareOptions& options) {
  arguments.option("--text", &options.texts,
                   {"FILE",
                    "a text file, JSON lines (also .gz) or a folder; may be repeated (default: "
                    "the shipped text)"});
  arguments.option("--separator", &options.separator,
                   {"TEXT", "what divides the documents of a file", AnyText()});
  arguments.option("--field", &options.field, {"NAME", "JSON lines: the key of the text"});
  arguments.option(
      "--limit", &options.limit,
      {"N", "score N documents alone, or blocks of those longer than 8 kB, drawn by --seed",
       Range{1, 1 << 30}});
}

void add_windows(Arguments& arguments, CompareOptions& options) {
  arguments.option("--lengths", &options.lengths,
                   {"L,L,...", "context lengths of the sweep (default: 128,256,...,2048)"});
  arguments.option("--context", &options.context,
                   {"L", "tokens of a window (default: each model's)", Range{2, 1 << 24}});
  arguments.option("--stride", &options.stride,
                   {"S", "tokens between windows (default: half of them)", Range{1, 1 << 24}});
  arguments.option("--convention", &options.convention,
                   {"NAME", "how windows are cut: sliding, disjoint, llama.cpp, lm-eval or hf",
                    Choices{"sliding", "disjoint", "llama.cpp", "lm-eval", "hf"}});
  arguments.option("--sample", &options.sample,
                   {"N", "masked models: tokens to score", Range{1, 1 << 30}});
  arguments.flag("--full", options.full, "masked models: score every token");
}

void add_judging(Arguments& arguments, CompareOptions& options) {
  arguments.option("--baseline", &options.baseline,
                   {"MODEL", "the model that others are held against"});
  arguments.option("--margin", &options.margin,
                   {"BITS", "differences that do not matter, bits per byte", Range{0, 100}});
  arguments.option("--floors", &options.floors,
                   {"FOLDER", "counts of the training text (default: the shipped ones)"});
  arguments.option("--seeds", &options.seeds,
                   {"FILE.json",
                    "what --out wrote of the same configurations from other seeds (default: "
                    "seeds.json beside the shipped models)"});
  arguments.option("--seed", &options.seed, {"N", "of samples, spans and the bootstrap"});
}

void add_outputs(Arguments& arguments, CompareOptions& options) {
  arguments.output("--report", &options.report,
                   {"FILE.html", "write a page with tables and plots"});
  arguments.option("--language", &options.language,
                   {"LANGUAGE", "of the page: en or zh", Choices{"en", "zh"}});
  arguments.output("--out", &options.out, {"FILE.json", "write all figures"});
  arguments.output("--csv", &options.csv, {"FILE.csv", "write all figures, a record a line"});
  arguments.output("--markdown", &options.markdown, {"FILE.md", "write the tables"});
  arguments.output("--latex", &options.latex, {"FILE.tex", "write the tables"});
  arguments.output("--figure", &options.figure,
                   {"FILE.svg", "write the picture of differences with which the page opens"});
  arguments.output("--results", &options.results,
                   {"FOLDER", "keep what is measured there, and measure nothing twice"});
  arguments.option("--verify", &options.verify,
                   {"FILE.json", "check a file that --out wrote, on the same text, instead"});
}

}  // namespace

Action add_compare(Arguments& arguments) {
  const auto options = std::make_shared<CompareOptions>();
  add_common(arguments, options->common);
  arguments.positional("MODEL", &options->models,
                       "folders or names of models, or a folder of them; seeds of one "
                       "configuration are pooled (default: all that are shipped)");
  add_texts(arguments, *options);
  add_windows(arguments, *options);
  add_judging(arguments, *options);
  add_outputs(arguments, *options);
  arguments.example("locus compare causal-rope causal-alibi --report report.html");
  return [options] { run_comparison(*options); };
}

}  // namespace locus::cli
