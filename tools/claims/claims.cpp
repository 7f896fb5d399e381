#include "tools/claims/claims.hpp"

#include <algorithm>

#include "engine/options.hpp"
#include "evaluation/score_units.hpp"
#include "pipelines/provenance.hpp"
#include "tools/claims/bench.hpp"
#include "tools/claims/result.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/provenance.hpp"
#include "tools/cli/output/staging.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/verbs/compare/places.hpp"

namespace locus::cli {
namespace claims {
namespace {

struct ClaimsOptions {
  BenchSettings bench;
  std::vector<std::string> texts;
  std::string separator;
  std::vector<std::string> claims;  ///< by name; none: all
  std::string markdown;
  std::string report;
  std::string language = "en";
};

MeasuredClaim measure(const Claim& claim, Bench& bench) {
  check_interruption();
  Findings findings;
  for (const std::string& model : claim.models) {
    if (!shipped_model(model)) findings.absent.push_back(model);
  }
  if (!findings.absent.empty()) return judge(claim, std::move(findings));
  findings = claim.measure(bench);
  return judge(claim, std::move(findings), bench.recipes_of(claim.models));
}

Json provenance_of(const Bench& bench) {
  Json models = Json::object();
  for (const auto& [name, reader] : bench.readers()) models[name] = hashes_of(*reader->model);
  const BenchSettings& settings = bench.settings();
  return {{"version", LOCUS_VERSION},
          {"precision", settings.common.precision},
          {"instruction_set", instruction_set()},
          {"sample", settings.sample},
          {"seed", settings.seed},
          {"windows", "disjoint, of 256 tokens; sweeps: the same target tokens"},
          {"interval", "bootstrap of documents, 10000 resamples, expanded percentile, 95 %"},
          {"test", "sign-flip permutation, Holm over a claim"},
          {"margin_nats_per_token", margin_in_nats},
          {"text", hashes_json(bench.documents())},
          {"models", std::move(models)}};
}

std::vector<const Claim*> claims_named(const std::vector<std::string>& names) {
  std::vector<const Claim*> claims;
  for (const Claim& claim : all_claims()) {
    if (names.empty() || std::ranges::count(names, claim.name) > 0) claims.push_back(&claim);
  }
  return claims;
}

ClaimsResult measure_all(const ClaimsOptions& options) {
  Bench bench(options.bench,
              read_given_documents(
                  options.texts.empty() ? std::vector{shipped_text().string()} : options.texts,
                  options.separator));
  ClaimsResult result;
  result.setting = {bench.documents().size(), 0, options.bench.sample, options.bench.seed};
  for (const Document& document : bench.documents()) {
    result.setting.bytes += static_cast<int64_t>(document.raw.size());
  }
  const auto wanted = claims_named(options.claims);
  Step step{0, static_cast<int64_t>(wanted.size())};
  for (const Claim* claim : wanted) {
    bench.begin(step);
    result.claims.push_back(measure(*claim, bench));
    ++step.index;
  }
  result.provenance = provenance_of(bench);
  return result;
}

void run_claims(const ClaimsOptions& options) {
  if (!options.bench.common.encoding.empty()) {
    throw UsageError("expected no --encoding: the claims are about the encodings that models have");
  }
  if (options.bench.common.precision != "f32") {
    warn("what claims 1 and 11 take for rounding is that of f32: other precisions round by more");
  }
  const Words& words = words_of(options.language);
  expect_writable(options.markdown);
  expect_writable(options.report);
  const ClaimsResult result = measure_all(options);
  if (!options.markdown.empty()) write_file(options.markdown, to_markdown(result));
  if (!options.report.empty()) write_file(options.report, to_page(result, words));
  if (options.bench.common.json) return print_json(to_json(result));
  print(to_text(result, words));
}

}  // namespace
}  // namespace claims

Action claims::add_claims(Arguments& arguments) {
  const auto options = std::make_shared<claims::ClaimsOptions>();
  add_common(arguments, options->bench.common);
  arguments.option(
      "--text", &options->texts,
      {"FILE", "a text file or a folder; may be repeated (default: the shipped text)"});
  arguments.option("--separator", &options->separator,
                   {"TEXT", "what divides the documents of a file", AnyText()});
  std::vector<std::string> names;
  for (const claims::Claim& claim : claims::all_claims()) names.emplace_back(claim.name);
  arguments.option("--claim", &options->claims,
                   {"NAME", "measure this claim alone; may be repeated", Choices{names}});
  arguments.option(
      "--sample", &options->bench.sample,
      {"N", "tokens to score where each needs a window of its own", Range{1, 1 << 30}});
  arguments.option("--seed", &options->bench.seed, {"N", "of samples and the bootstrap"});
  arguments.output("--markdown", &options->markdown,
                   {"FILE.md", "write everything in English and Chinese"});
  arguments.output("--report", &options->report, {"FILE.html", "write a page"});
  arguments.option("--language", &options->language,
                   {"LANGUAGE", "of the page and the text: en or zh", Choices{"en", "zh"}});
  arguments.example("locus-claims --text README.md --markdown claims.md");
  return [options] { claims::run_claims(*options); };
}

}  // namespace locus::cli
