#include "tools/cli/verbs/probe/probe.hpp"

#include <algorithm>

#include "pipelines/model_names.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/staging.hpp"
#include "tools/cli/terminal/observed_run.hpp"
#include "tools/cli/verbs/compare/gather.hpp"
#include "tools/cli/verbs/compare/places.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

ProbeSettings settings_of(const ProbeOptions& options) {
  ProbeSettings settings;
  if (!options.lengths.empty()) settings.lengths = parse_lengths("--lengths", options.lengths);
  std::ranges::sort(settings.lengths);
  settings.trials = options.trials;
  settings.seed = options.seed;
  settings.threads = session_options(options.common).threads;
  const auto asked = [&](const char* kind) { return options.kind.empty() || options.kind == kind; };
  settings.recall = asked("recall");
  settings.passkey = asked("passkey");
  settings.order = asked("order");
  return settings;
}

void run_probes(const ProbeOptions& options) {
  if (options.models.empty()) throw UsageError("expected a model");
  for (const std::string& file : {options.report, options.out, options.csv}) expect_writable(file);
  ProbeSettings settings = settings_of(options);
  const auto documents = read_given_documents(
      options.texts.empty() ? std::vector{shipped_text().string()} : options.texts, "");
  const auto names = model_names(options.models);
  std::vector<ProbedModel> models;
  Step step{0, static_cast<int64_t>(names.size())};
  settings.observe = [&](Session& session, const std::string& what) {
    return observe_run(session, what, step);
  };
  for (size_t i = 0; i < names.size(); ++i, ++step.index) {
    CommonOptions common = options.common;
    common.model = options.models[i];
    const auto model = open_model(common, settings.lengths.back() + 2);
    models.push_back(probe_model(*model, names[i], documents, settings));
  }
  compare_probes(models, settings.seed);
  if (!options.report.empty()) {
    write_file(options.report, probes_page(models, settings, options.language));
  }
  if (!options.out.empty()) {
    write_file(options.out, probes_json(models, settings).dump(2) + "\n");
  }
  if (!options.csv.empty()) write_file(options.csv, probes_csv(models));
  if (options.common.json) return print_json(probes_json(models, settings));
  print(probes_text(models));
}

}  // namespace

Action add_probe(Arguments& arguments) {
  const auto options = std::make_shared<ProbeOptions>();
  add_common(arguments, options->common);
  arguments.positional("MODEL", &options->models,
                       "folders or names of causal or masked models; the first is the baseline");
  arguments.option(
      "--kind", &options->kind,
      {"KIND", "recall, passkey or order (default: all)", Choices{"recall", "passkey", "order"}});
  arguments.option("--text", &options->texts,
                   {"FILE",
                    "what tokens, filler and sentences are taken from; may be repeated (default: "
                    "the shipped text)"});
  arguments.option("--lengths", &options->lengths,
                   {"L,L,...", "tokens of the sequences (default: 64,128,256,512,1024)"});
  arguments.option("--trials", &options->trials,
                   {"N", "of each length; 12 or more for verdicts", Range{1, 10000}});
  arguments.option("--seed", &options->seed, {"N", "of what is drawn", Range{0}});
  arguments.output("--report", &options->report,
                   {"FILE.html", "write a page with tables and plots"});
  arguments.output("--out", &options->out, {"FILE.json", "write all figures"});
  arguments.output("--csv", &options->csv, {"FILE.csv", "write all figures, a record a line"});
  arguments
      .option("--language", &options->language,
              {"LANGUAGE", "of the page: en or zh", Choices{"en", "zh"}})
      .needs({"--report"});
  arguments.example("locus probe causal-learned causal-rope --kind recall");
  return [options] { run_probes(*options); };
}

}  // namespace locus::cli
