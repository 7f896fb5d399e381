#include <cmath>

#include "engine/options.hpp"
#include "tools/cli/output/provenance.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/ablate/ablate.hpp"

namespace locus::cli {
namespace {

constexpr int digits = 4;

std::string name_of(const AblationResult& result) {
  return result.change + (result.layer ? ", layer " + std::to_string(*result.layer) : "");
}

std::string verdict_of(const AblationResult& result) {
  if (!result.error.empty()) return result.error;
  if (result.largest < 1e-4) return "unchanged";
  return to_string(result.comparison.verdict) + (result.untrained ? " (untrained)" : "");
}

}  // namespace

Json to_json(const AblationResult& result) {
  Json json{{"change", result.change}, {"layer", result.layer ? Json(*result.layer) : Json()}};
  if (!result.error.empty()) {
    json["error"] = result.error;
    return json;
  }
  const Comparison& comparison = result.comparison;
  json.update(
      {{"nll", result.nll},
       {"difference", comparison.difference},
       {"ci95",
        {finite_or_null(comparison.interval.low), finite_or_null(comparison.interval.high)}},
       {"p", comparison.p},
       {"holm_p", comparison.adjusted_p},
       {"largest_token_change", result.largest},
       {"verdict", to_string(comparison.verdict)}});
  if (result.untrained) json["untrained"] = true;
  return json;
}

std::string to_text(const AblationReport& report) {
  Table table({left("change"), right("loss"), right("difference [95 %]"), left("verdict")});
  table.add({"as trained", fixed(report.nll, digits), "", ""});
  for (const auto& result : report.results) {
    const Comparison& comparison = result.comparison;
    const bool measured = result.error.empty();
    table.add({name_of(result), measured ? fixed(result.nll, digits) : "-",
               measured ? signed_fixed(comparison.difference, digits) + " [" +
                              signed_fixed(comparison.interval.low, digits) + ", " +
                              signed_fixed(comparison.interval.high, digits) + "]"
                        : "",
               verdict_of(result)});
  }
  return bold(report.model + ", " + listed(report.encodings)) + "\n" + metric_name(report.task) +
         ", nats per token; " + grouped(report.tokens) + " tokens in windows of " +
         std::to_string(report.context) + "; interval over units: " + report.unit + "\n\n" +
         table.text(terminal_width());
}

Json to_json(const AblationReport& report) {
  Json results = Json::array();
  for (const auto& result : report.results) results.push_back(to_json(result));
  return {{"model", report.model},
          {"encoding", listed(report.encodings)},
          {"metric", metric_name(report.task)},
          {"nll", report.nll},
          {"tokens", report.tokens},
          {"changes", std::move(results)},
          {"settings",
           {{"context", report.context},
            {"unit", report.unit},
            {"instruction_set", instruction_set()},
            {"version", LOCUS_VERSION},
            {"text", hashes_json(report.documents)}}}};
}

}  // namespace locus::cli
