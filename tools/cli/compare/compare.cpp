#include <algorithm>
#include <filesystem>

#include "engine/error.hpp"
#include "tools/cli/compare/comparison.hpp"
#include "tools/cli/compare/places.hpp"
#include "tools/cli/report/report.hpp"
#include "tools/cli/support/interruption.hpp"
#include "tools/cli/support/staging.hpp"
#include "tools/cli/support/usage.hpp"
#include "tools/cli/verbs.hpp"

namespace locus::cli {
namespace {

constexpr int64_t usual_trained_context = 256;

std::vector<int64_t> lengths_of(const CompareOptions& options) {
  std::vector<int64_t> lengths = options.lengths;
  for (int64_t length = usual_trained_context / 4;
       options.lengths.empty() && length <= usual_trained_context * 4; length *= 2) {
    lengths.push_back(length);
  }
  std::ranges::sort(lengths);
  if (lengths.front() <= sweep_block) {
    throw UsageError("expected lengths above " + std::to_string(sweep_block));
  }
  return lengths;
}

void check_writable(const std::string& file) {
  if (!file.empty()) Staging trial(file);
}

void write_results(const CompareResult& result, const CompareOptions& options) {
  if (!options.out.empty()) {
    write_file(options.out, comparison_json(result, options).dump(2) + "\n");
  }
  if (!options.csv.empty()) write_file(options.csv, comparison_csv(result));
  if (!options.report.empty()) write_file(options.report, report_page(result, options));
}

void run_comparison(const CompareOptions& options) {
  for (const std::string& file : {options.out, options.csv, options.report}) check_writable(file);
  CompareResult result;
  result.lengths = lengths_of(options);
  result.documents =
      read_documents(options.texts.empty() ? std::vector{shipped_text().string()} : options.texts,
                     options.separator);
  for (const Document& document : result.documents)
    result.bytes += static_cast<int64_t>(document.raw.size());
  std::vector<ComparedModel> models;
  for (const std::string& name : options.models.empty() ? shipped_models() : options.models) {
    check_interruption();
    models.push_back(measure_model(name, options, result));
  }
  result.groups = compare_models(std::move(models), options);
  write_results(result, options);
  if (options.common.json) return print_json(comparison_json(result, options));
  print(comparison_text(result));
}

}  // namespace

Action add_compare(CLI::App& app) {
  const auto options = std::make_shared<CompareOptions>();
  add_common(app, options->common);
  app.add_option("models", options->models, "folders or names (default: all that are shipped)")
      ->type_name("MODEL");
  app.add_option("--text", options->texts,
                 "a text file or a folder; may be repeated (default: the shipped text)")
      ->type_name("FILE")
      ->allow_extra_args(false);
  app.add_option("--separator", options->separator, "what divides the documents of a file")
      ->type_name("TEXT");
  app.add_option("--lengths", options->lengths,
                 "context lengths of the sweep (default: 64 to 1024)")
      ->delimiter(',')
      ->check(CLI::Range(2, 1 << 20))
      ->type_name("L,L,...");
  app.add_option("--baseline", options->baseline, "the model that others are held against")
      ->type_name("MODEL");
  app.add_option("--sample", options->sample, "masked models: tokens to score")
      ->check(CLI::Range(1, 1 << 30))
      ->type_name("N")
      ->capture_default_str();
  app.add_flag("--full", options->full, "masked models: score every token");
  app.add_option("--seed", options->seed, "of samples, spans and the bootstrap")
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--language", options->language, "of the report")
      ->check(CLI::IsMember({"en", "zh"}))
      ->type_name("en|zh")
      ->capture_default_str();
  app.add_option("--report", options->report, "write a page with tables and plots")
      ->type_name("FILE.html");
  app.add_option("--out", options->out, "write all figures")->type_name("FILE.json");
  app.add_option("--csv", options->csv, "write the table")->type_name("FILE.csv");
  app.footer("Example:\n  locus compare causal-rope causal-alibi --report report.html");
  return [options] { run_comparison(*options); };
}

}  // namespace locus::cli
