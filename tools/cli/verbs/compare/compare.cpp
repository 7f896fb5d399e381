#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "models/model.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/staging.hpp"
#include "tools/cli/report/comparison_page.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/verbs/compare/comparison.hpp"
#include "tools/cli/verbs/compare/places.hpp"
#include "tools/cli/verbs/compare/seeds.hpp"
#include "tools/cli/verbs/compare/verify.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

constexpr int64_t usual_trained_context = 256;

std::vector<int64_t> lengths_of(const CompareOptions& options) {
  std::vector<int64_t> lengths;
  if (!options.lengths.empty()) lengths = parse_lengths("--lengths", options.lengths);
  for (int64_t length = usual_trained_context / 2;
       options.lengths.empty() && length <= usual_trained_context * 8; length *= 2) {
    lengths.push_back(length);
  }
  std::ranges::sort(lengths);
  if (lengths.front() < 2) throw UsageError("expected lengths of 2 or more");
  return lengths;
}

void write_results(const CompareResult& result, const CompareOptions& options) {
  if (!options.out.empty()) {
    write_file(options.out, comparison_json(result, options).dump(2) + "\n");
  }
  if (!options.csv.empty()) write_file(options.csv, comparison_csv(result));
  if (!options.report.empty()) write_file(options.report, comparison_page(result, options));
}

CompareResult setting_of(const CompareOptions& options) {
  CompareResult result;
  result.lengths = lengths_of(options);
  result.documents =
      read_documents(options.texts.empty() ? std::vector{shipped_text().string()} : options.texts,
                     options.separator);
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

void run_comparison(const CompareOptions& options) {
  if (!options.verify.empty()) return verify(options);
  for (const std::string& file : {options.out, options.csv, options.report}) expect_writable(file);
  const auto names = options.models.empty() ? shipped_models() : options.models;
  for (const std::string& name : names) find_model(name);
  CompareResult result = setting_of(options);
  std::vector<ComparedModel> models;
  Step step{0, static_cast<int64_t>(names.size())};
  for (const std::string& name : names) {
    check_interruption();
    std::ranges::move(measure_model(name, options, result, step), std::back_inserter(models));
    ++step.index;
  }
  add_seeds(models, options, result);
  result.groups = compare_models(std::move(models), options.baseline, options.seed);
  write_results(result, options);
  if (options.common.json) return print_json(comparison_json(result, options));
  print(comparison_text(result));
}

}  // namespace

Action add_compare(Arguments& arguments) {
  const auto options = std::make_shared<CompareOptions>();
  add_common(arguments, options->common);
  arguments.positional("models", &options->models,
                       "folders or names of models (default: all that are shipped)");
  arguments.option(
      "--text", &options->texts,
      {"FILE", "a text file or a folder; may be repeated (default: the shipped text)"});
  arguments.option("--separator", &options->separator,
                   {"TEXT", "what divides the documents of a file"});
  arguments.option("--lengths", &options->lengths,
                   {"L,L,...", "context lengths of the sweep (default: 128,256,...,2048)"});
  arguments.option("--baseline", &options->baseline,
                   {"MODEL", "the model that others are held against"});
  arguments.option("--sample", &options->sample,
                   {"N", "masked models: tokens to score", Range{1, 1 << 30}});
  arguments.flag("--full", options->full, "masked models: score every token");
  arguments.option("--seed", &options->seed, {"N", "of samples, spans and the bootstrap"});
  arguments.option("--report", &options->report,
                   {"FILE.html", "write a page with tables and plots"});
  arguments.option("--language", &options->language,
                   {"LANGUAGE", "of the page: en or zh", Choices{"en", "zh"}});
  arguments.option("--out", &options->out, {"FILE.json", "write all figures"});
  arguments.option("--csv", &options->csv, {"FILE.csv", "write the table"});
  arguments.option("--seeds", &options->seeds,
                   {"FILE.json",
                    "what --out wrote of the same models from other seeds, named "
                    "MODEL-seedN (default: seeds.json beside the shipped models)"});
  arguments.option("--verify", &options->verify,
                   {"FILE.json", "check a file that --out wrote, on the same text, instead"});
  arguments.example("locus compare causal-rope causal-alibi --report report.html");
  return [options] { run_comparison(*options); };
}

}  // namespace locus::cli
