#include "tools/cli/verbs/doctor/doctor.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "pipelines/tokenizers.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/report/words.hpp"
#include "tools/cli/terminal/observed_run.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/ablate/ablate.hpp"
#include "tools/cli/verbs/compare/json.hpp"
#include "tools/cli/verbs/compare/places.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

struct Diagnosis {
  std::string model;
  std::vector<Finding> findings;
  std::vector<std::string> contradictions;
  std::optional<AblationReport> readings;  ///< where there is a text; the lowest loss first
  std::optional<ComparedModel> measured;   ///< likewise, with its floors
};

bool same(const AblationResult& result) { return result.largest < 1e-4; }

/// What could be scored, the lowest loss first; after it what could not.
void rank(std::vector<AblationResult>& results) {
  std::ranges::stable_sort(results, [](const AblationResult& a, const AblationResult& b) {
    if (a.error.empty() != b.error.empty()) return a.error.empty();
    return a.nll < b.nll;
  });
}

/// The model on the text, beside counts of tokens.
ComparedModel measured_on(const AblationOptions& options, const Model& model) {
  MeasureSettings settings;
  settings.threads = session_options(options.common).threads;
  settings.sample = options.settings.sample;
  settings.seed = options.settings.seed;
  settings.context = options.settings.context;
  if (const auto floors = shipped_floors()) {
    settings.floors = std::make_shared<Floors>(Floors::open(*floors));
  }
  settings.observe = [](Session& session, const std::string& what) {
    return observe_run(session, what, {});
  };
  auto measured = measure_model(model, options.common.model,
                                read_given_documents(options.texts, options.separator), settings);
  return std::move(measured.front());
}

/// What speaks against a model that counts of tokens nearly reach.
std::string not_trained(const ComparedModel& model) {
  const ModelFloor& floor = model.floors.back();
  return "it is not trained: " + fixed(bits_of(model), 3) + " bits per byte, where " +
         floor_word(floor.kind, english_words()) +
         (floor.of_text ? " of this text itself" : " of the training text") + " need " +
         fixed(floor.bits_per_byte, 3) + ", and " + fixed(min_lead, 1) + " less would be clear";
}

Diagnosis diagnose(const AblationOptions& options) {
  const auto model = open_model(options.common);
  const auto tokenizer = find_tokenizer(*model);
  Diagnosis diagnosis;
  diagnosis.model = options.common.model;
  diagnosis.findings = findings_of(*model, tokenizer.get());
  diagnosis.contradictions = contradictions_of(
      *model, tokenizer.get(), all_unread_keys(options.common, *model, tokenizer.get()));
  if (options.texts.empty()) return diagnosis;
  diagnosis.readings = measure_changes(options, other_readings(model->spec()));
  rank(diagnosis.readings->results);
  diagnosis.measured = measured_on(options, *model);
  if (diagnosis.measured->standing == Standing::not_trained) {
    diagnosis.contradictions.push_back(not_trained(*diagnosis.measured));
  }
  return diagnosis;
}

/// Into a file or another program nothing is cut.
int width_of_findings() {
  return stdout_is_terminal() ? terminal_width() : std::numeric_limits<int>::max();
}

std::string readings_text(const AblationReport& report) {
  Table table({left("reading", 24), right("loss"), right("difference"), left("verdict", 20)});
  const auto as_read = [&] { table.add({"as read", fixed(report.nll, 4), "", ""}); };
  bool placed = false;
  for (const AblationResult& result : report.results) {
    if (!placed && (!result.error.empty() || result.nll >= report.nll)) {
      as_read();
      placed = true;
    }
    if (!result.error.empty()) {
      table.add({result.change, "-", "", result.error});
      continue;
    }
    table.add({result.change, fixed(result.nll, 4), signed_fixed(result.comparison.difference, 4),
               same(result) ? "the same" : to_string(result.comparison.verdict)});
  }
  if (!placed) as_read();
  return "\n" + metric_name(report.task) + ", nats per token; " + grouped(report.tokens) +
         " tokens\n" + table.text(width_of_findings()) + "\n" + conclusion(report);
}

std::string to_text(const Diagnosis& diagnosis) {
  Table table({left("what"), left("as read", 30), left("said by")});
  for (const Finding& finding : diagnosis.findings) {
    table.add({finding.what, visible(finding.value),
               finding.assumed ? "assumed: " + finding.source : finding.source});
  }
  std::string text = table.text(width_of_findings()) + "\n";
  for (const std::string& each : diagnosis.contradictions) {
    text += bold("Against it:") + " " + printable(each) + ".\n";
  }
  if (diagnosis.contradictions.empty()) text += "Nothing speaks against it.\n";
  if (diagnosis.readings) text += readings_text(*diagnosis.readings);
  return text;
}

/// Those by which the text is predicted better beyond doubt.
std::vector<std::string> better_readings(const std::optional<Leader>& leader) {
  if (!leader || !leader->sure()) return {};
  std::vector<std::string> better{leader->change};
  better.insert(better.end(), leader->as_good.begin(), leader->as_good.end());
  return better;
}

Json to_json(const Diagnosis& diagnosis) {
  Json findings = Json::array();
  for (const Finding& finding : diagnosis.findings) {
    findings.push_back({{"what", finding.what},
                        {"value", finding.value},
                        {"source", finding.source},
                        {"assumed", finding.assumed}});
  }
  Json document{{"model", diagnosis.model},
                {"findings", std::move(findings)},
                {"contradictions", diagnosis.contradictions}};
  if (!diagnosis.readings) return document;
  const AblationReport& report = *diagnosis.readings;
  Json readings = Json::array();
  for (const AblationResult& result : report.results) readings.push_back(cli::to_json(result));
  const auto leader = leader_of(report);
  document.update({{"metric", metric_name(report.task)},
                   {"nll", report.nll},
                   {"tokens", report.tokens},
                   {"readings", std::move(readings)},
                   {"leader", leader ? to_json(*leader) : Json()},
                   {"better", better_readings(leader)},
                   {"status", to_string(diagnosis.measured->standing)},
                   {"bits_per_byte", bits_of(*diagnosis.measured)},
                   {"floors", measured_json(*diagnosis.measured)["floors"]}});
  return document;
}

}  // namespace

Action add_doctor(Arguments& arguments) {
  const auto options = std::make_shared<AblationOptions>();
  AblationSettings& settings = options->settings;
  add_model(arguments, options->common);
  arguments.option("--text", &options->texts,
                   {"FILE", "a text by which other readings are ranked; may be repeated"});
  const auto of_text = [&](const char* name, Target value, const Help& help) {
    arguments.option(name, value, help).needs({"--text"});
  };
  of_text("--separator", &options->separator,
          {"TEXT", "what divides the documents of a file", AnyText()});
  of_text("--context", &settings.context,
          {"L", "tokens of a window (default: the model's)", Range{2, 1 << 24}});
  of_text("--sample", &settings.sample, {"N", "masked models: tokens to score", Range{1, 1 << 30}});
  of_text("--seed", &settings.seed, {"N", "of samples and the bootstrap", Range{0}});
  arguments.example("locus doctor causal-rope --text README.md");
  return [options, given = arguments.given()] {
    const Diagnosis diagnosis = diagnose(*options);
    if (given("--sample") && diagnosis.readings) warn_of_sample(*diagnosis.readings);
    if (options->common.json) return print_json(to_json(diagnosis));
    print(to_text(diagnosis));
  };
}

}  // namespace locus::cli
