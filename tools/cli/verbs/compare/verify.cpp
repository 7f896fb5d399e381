// Holds a comparison that was written with --out to what can be recomputed.
#include <algorithm>
#include <cmath>
#include <random>

#include "base/error.hpp"
#include "base/json/reason.hpp"
#include "base/sha256.hpp"
#include "evaluation/multi_bootstrap.hpp"
#include "evaluation/score_units.hpp"
#include "pipelines/model_names.hpp"
#include "tools/cli/input/json_input.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/compare/gather.hpp"
#include "tools/cli/verbs/compare/json.hpp"
#include "tools/cli/verbs/compare/verify.hpp"

namespace locus::cli {
namespace {

// Another processor rounds differently; another model or text differs by far more.
constexpr double relative_tolerance = 1e-5;

bool close(double a, double b) {
  return std::abs(a - b) <= relative_tolerance * std::max({1e-3, std::abs(a), std::abs(b)});
}

Runs runs_of(const Json& model) {
  Runs runs;
  for (const Json& run : model.at("runs")) runs.push_back(units_of(run.at("units")));
  return runs;
}

/// Collects what was checked.
class Checks {
 public:
  void same(const std::string& what, const std::string& expected, const std::string& found) {
    checks_.push_back({what, expected == found, expected, found});
  }
  void number(const std::string& what, double expected, double found) {
    checks_.push_back(
        {what, close(expected, found), significant(expected, 9), significant(found, 9)});
  }
  std::vector<VerifyCheck> take() { return std::move(checks_); }

 private:
  std::vector<VerifyCheck> checks_;
};

class Verifier {
 public:
  Verifier(const CompareOptions& options, const Json& file, CompareResult setting)
      : file_(file), options_(options), setting_(std::move(setting)) {
    const Json& settings = file.at("settings");
    options_.seed = settings.at("seed");
    options_.full = settings.at("sample") == "all";
    if (!options_.full) options_.sample = settings.at("sample");
    options_.convention = settings.at("convention");
    if (!settings.at("context").is_null()) options_.context = settings.at("context");
    if (!settings.at("stride").is_null()) options_.stride = settings.at("stride");
    options_.common.precision = settings.at("precision");
    options_.common.encoding = settings.at("encoding");
    setting_.lengths = settings.at("lengths").get<std::vector<int64_t>>();
  }

  std::vector<VerifyCheck> run() {
    check_texts();
    for (const Json& group : file_.at("groups")) {
      check_family(group);
      for (const Json& model : group.at("models")) {
        check_totals(model);
        check_difference(model, group);
        for (const Json& run : model.at("runs")) {
          if (&run == &model.at("runs").front() || is_here(run.at("name"))) {
            check_scores(model, run);
          }
        }
      }
    }
    return checks_.take();
  }

 private:
  void check_texts() {
    const Json& texts = file_.at("settings").at("text");
    checks_.same("number of documents", std::to_string(texts.size()),
                 std::to_string(setting_.documents.size()));
    for (size_t i = 0; i < std::min(texts.size(), setting_.documents.size()); ++i) {
      checks_.same(setting_.documents[i].name, texts[i].at("sha256"),
                   sha256(setting_.documents[i].raw));
    }
  }

  // Corrected p follow from those of all pairs, verdicts' among them.
  void check_family(const Json& group) {
    std::vector<double> p;
    for (const Json& pair : group.at("pairs")) p.push_back(pair.at("p"));
    const std::vector<double> corrected = holm(p);
    for (size_t i = 0; i < p.size(); ++i) {
      const Json& pair = group.at("pairs")[i];
      checks_.number(pair.at("model").get<std::string>() + " and " +
                         pair.at("other").get<std::string>() + ", p after Holm",
                     pair.at("holm_p"), corrected[i]);
    }
  }

  // Totals are sums over the documents, the interval their bootstrap.
  void check_totals(const Json& model) {
    const std::string name = model.at("name");
    const std::vector<Unit> units = units_of(model.at("units"));
    BootstrapSettings settings;
    const Interval interval = bootstrap(units, settings);
    checks_.number(name + ", bits per byte", model.at("bits_per_byte"), weighted_mean(units));
    checks_.number(name + ", interval from", model.at("bits_per_byte_ci95")[0], interval.low);
    checks_.number(name + ", interval to", model.at("bits_per_byte_ci95")[1], interval.high);
    const double perplexity =
        std::exp(model.at("nll").get<double>() / model.at("tokens").get<double>());
    checks_.number(name + ", perplexity", model.at("perplexity"), perplexity);
  }

  void check_difference(const Json& model, const Json& group) {
    const Json& comparison = model.at("comparison");
    if (comparison.is_null()) return;
    for (const Json& other : group.at("models")) {
      if (other.at("name") != group.at("baseline")) continue;
      const std::string name = model.at("name");
      const auto [difference, p] = recomputed(group, model, other);
      checks_.number(name + ", difference", comparison.at("difference"), difference);
      checks_.number(name + ", p", comparison.at("p"), p);
    }
  }

  std::pair<double, double> recomputed(const Json& group, const Json& model,
                                       const Json& other) const {
    if (model.at("comparison").at("of") != "files") {
      const RunDifference found =
          compare_runs(runs_of(model), runs_of(other), {.seed = options_.seed});
      return {found.difference, found.p};
    }
    const auto differences =
        paired_differences(units_of(model.at("units")), units_of(other.at("units")));
    SignFlipSettings settings;
    settings.seed = options_.seed;
    settings.permutations = group.at("permutations");
    return {weighted_mean(differences), sign_flip_test(differences, settings)};
  }

  // Scores some documents again, as many as are units themselves. A masked model's sample is drawn
  // from all of them.
  void check_scores(const Json& model, const Json& run) {
    check_interruption();
    const std::string name = run.at("name");
    const std::vector<Unit> units = units_of(run.at("units"));
    CompareResult some;
    some.lengths = setting_.lengths;
    some.floors = setting_.floors;
    std::vector<size_t> chosen(setting_.documents.size());
    for (size_t i = 0; i < chosen.size(); ++i) chosen[i] = i;
    // A document without scored tokens has no unit: then only all of them can be told apart.
    const bool by_document = model.value("unit", "document") == "document";
    if (by_document && model.at("task") == "causal" && units.size() == chosen.size()) {
      std::mt19937_64 random(options_.seed);
      std::ranges::shuffle(chosen, random);
      chosen.resize(std::min(chosen.size(), min_document_units));
    }
    for (const size_t index : chosen) some.documents.push_back(setting_.documents[index]);
    const ComparedModel again = of_task(measure_model(path_of(name), options_, some), model);
    check_files(name, run.at("files"), again);
    if (&run == &model.at("runs").front()) check_files(name, model.at("files"), again);
    const bool all = chosen.size() == setting_.documents.size() && std::ranges::is_sorted(chosen);
    const size_t expected = all ? units.size() : chosen.size();
    checks_.same(name + ", scored documents", std::to_string(expected),
                 std::to_string(again.units.size()));
    for (size_t i = 0; i < std::min(again.units.size(), expected); ++i) {
      const size_t index = all ? i : chosen[i];
      checks_.number(name + ", unit " + std::to_string(index) + ", bits", units[index].sum,
                     again.units[i].sum);
    }
  }

  void check_files(const std::string& name, const Json& files, const ComparedModel& again) {
    for (const auto& [file, hash] : files.get<std::map<std::string, std::string>>()) {
      const auto found = again.files.find(file);
      checks_.same(name + ", " + file, hash, found == again.files.end() ? "absent" : found->second);
    }
  }

  static ComparedModel of_task(std::vector<ComparedModel> measured, const Json& model) {
    for (ComparedModel& each : measured) {
      if (name_of(each.task) == model.at("task")) return std::move(each);
    }
    throw Error(model.at("name").get<std::string>(), "the task " + model.at("task").dump(),
                name_of(measured.front().task));
  }

  bool is_here(const std::string& name) const {
    const auto names = model_names(models_of(options_));
    return std::ranges::find(names, name) != names.end();
  }

  std::string path_of(const std::string& name) const {
    const auto paths = models_of(options_);
    const auto names = model_names(paths);
    const auto found = std::ranges::find(names, name);
    return found == names.end() ? name : paths[static_cast<size_t>(found - names.begin())];
  }

  const Json& file_;
  CompareOptions options_;
  CompareResult setting_;
  Checks checks_;
};

}  // namespace

std::vector<VerifyCheck> verify_comparison(const CompareOptions& options, CompareResult setting) {
  try {
    const Json file = read_json(options.verify);
    return Verifier(options, file, std::move(setting)).run();
  } catch (const Json::exception& error) {
    throw Error(options.verify, "what locus compare --out wrote", detail::reason_of(error));
  }
}

std::string verification_text(const std::vector<VerifyCheck>& checks) {
  Table table({left("check"), left("written"), left("found")});
  size_t held = 0;
  for (const VerifyCheck& check : checks) {
    held += check.ok;
    if (!check.ok) table.add({check.what, check.written, check.found});
  }
  const std::string count =
      std::to_string(held) + " of " + std::to_string(checks.size()) + " checks hold.\n";
  return held == checks.size() ? count : table.text(terminal_width()) + count;
}

Json verification_json(const std::vector<VerifyCheck>& checks) {
  Json list = Json::array();
  bool all = true;
  for (const VerifyCheck& check : checks) {
    all = all && check.ok;
    list.push_back({{"check", check.what},
                    {"ok", check.ok},
                    {"written", check.written},
                    {"found", check.found}});
  }
  return {{"ok", all}, {"checks", std::move(list)}};
}

}  // namespace locus::cli
