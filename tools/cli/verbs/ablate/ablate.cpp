#include "tools/cli/verbs/ablate/ablate.hpp"

#include <cmath>

#include "base/decimal.hpp"
#include "engine/scheme.hpp"
#include "evaluation/score_task.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/terminal/observed_run.hpp"
#include "tools/cli/terminal/terminal.hpp"
#include "tools/cli/verbs/compare/places.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

const std::vector<std::string> default_changes{"remove",     "shift:1",   "shift:7", "shift:64",
                                               "shift:1000", "scale:0.5", "scale:2", "shuffle:1"};

/// Changes that a shell offers.
Offers offered_changes() {
  Offers offers{default_changes};
  for (const std::string& scheme : scheme_names()) offers.texts.push_back("swap:" + scheme);
  return offers;
}

double number_of(const std::string& change, const std::string& value) {
  if (const auto number = decimal_of(value)) return *number;
  throw UsageError("expected a number after '" + change + ":', found '" + value + "'");
}

}  // namespace

AblationChange parse_change(const std::string& text) {
  using Kind = EncodingChange::Kind;
  const size_t colon = text.find(':');
  const std::string name = text.substr(0, colon);
  const std::string value = colon == std::string::npos ? "" : text.substr(colon + 1);
  AblationChange change{text, {}, {}};
  if (text == "remove") {
    change.change.kind = Kind::remove;
  } else if (name == "shift") {
    change.change.kind = Kind::shift;
    change.change.amount = number_of(name, value);
  } else if (name == "scale") {
    change.change.kind = Kind::scale;
    change.change.amount = number_of(name, value);
  } else if (name == "shuffle") {
    change.change.kind = Kind::shuffle;
    change.change.seed = static_cast<uint64_t>(number_of(name, value));
  } else if (name == "swap" && !value.empty()) {
    change.encoding = value;
  } else {
    throw UsageError("expected remove, shift:N, scale:X, shuffle:SEED or swap:SCHEME, found '" +
                     text + "'");
  }
  return change;
}

AblationReport measure_changes(const AblationOptions& options,
                               const std::vector<AblationChange>& changes) {
  AblationSettings settings = options.settings;
  settings.model = find_model(options.common.model);
  settings.options = model_options(options.common, settings.context.value_or(0));
  settings.threads = session_options(options.common).threads;
  settings.observe = [](Session& session, const std::string& what) {
    return observe_run(session, what);
  };
  const auto texts = options.texts.empty() ? std::vector{shipped_text().string()} : options.texts;
  return locus::measure_changes(settings, changes, read_given_documents(texts, options.separator));
}

void warn_of_sample(const AblationReport& report) {
  if (report.task == ScoringTask::masked || report.task == ScoringTask::masked_word) return;
  warn("--sample has no effect on the task '" + name_of(report.task) + "'");
}

Action add_ablate(Arguments& arguments) {
  const auto options = std::make_shared<AblationOptions>();
  const auto names = std::make_shared<std::vector<std::string>>();
  AblationSettings& settings = options->settings;
  add_model(arguments, options->common);
  arguments.option(
      "--text", &options->texts,
      {"FILE", "a text file or a folder; may be repeated (default: the shipped text)"});
  arguments.option("--separator", &options->separator,
                   {"TEXT", "what divides the documents of a file", AnyText()});
  arguments.option("--change", names.get(),
                   {"CHANGE",
                    "remove, shift:N, scale:X, shuffle:SEED or swap:SCHEME; may be repeated "
                    "(default: a choice of them)",
                    offered_changes()});
  arguments.flag("--layers", settings.layers, "make each change in one layer at a time as well");
  arguments.option("--context", &settings.context,
                   {"L", "tokens of a window (default: the model's)", Range{2, 1 << 24}});
  arguments.option("--sample", &settings.sample,
                   {"N", "masked models: tokens to score", Range{1, 1 << 30}});
  arguments.option("--seed", &settings.seed, {"N", "of samples and the bootstrap", Range{0}});
  arguments.example("locus ablate causal-rope --text README.md --change shift:64 --change remove");
  return [options, names, given = arguments.given()] {
    std::vector<AblationChange> changes;
    for (const auto& name : names->empty() ? default_changes : *names) {
      changes.push_back(parse_change(name));
    }
    const AblationReport report = measure_changes(*options, changes);
    if (given("--sample")) warn_of_sample(report);
    if (options->common.json) return print_json(to_json(report));
    print(to_text(report));
  };
}

}  // namespace locus::cli
