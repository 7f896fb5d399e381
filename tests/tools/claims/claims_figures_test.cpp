// The figures of `locus-claims` against formulas and other verbs.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "engine/weights.hpp"
#include "tests/tools/claims/claims.hpp"

namespace locus::tests::claims {
namespace {

namespace fs = std::filesystem;

/// Mean loss over windows of 256 that do not overlap, by another verb.
double mean_loss(const std::string& model, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"perplexity", source_path("weights/" + model).string(),
                                     "--text",     long_text,
                                     "--context",  "256",
                                     "--json",     "--convention",
                                     "disjoint"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const auto summary = run(arguments).json();
  return summary["nll"].get<double>() / summary["tokens"].get<double>();
}

/// What the rows of the shipped sinusoid are multiplied by: the cosine of 0 in its first row.
double table_scale() {
  const auto weights = open_safetensors(source_path("weights/causal-sinusoidal/model.safetensors"));
  const auto table = weights.f32("transformer.wpe.weight");
  return std::ranges::max(table.view().row(0));
}

/// Length of a sinusoid's row over the median length of the first 256 token vectors of the text.
double norm_ratio() {
  const std::string model = source_path("weights/causal-sinusoidal").string();
  auto ids = run({"tokenize", model, read_text(long_text), "--json"}).json()["ids"];
  const auto table = open_safetensors(model + "/model.safetensors").f32("transformer.wte.weight");
  std::vector<double> norms;
  for (size_t i = 0; i < 256; ++i) {
    double sum = 0;
    for (const float value : table.view().row(ids[i])) sum += double{value} * value;
    norms.push_back(std::sqrt(sum));
  }
  std::ranges::sort(norms);
  return table_scale() * std::sqrt(80.0) / norms[128];
}

double angle(int pair) { return std::pow(10000.0, -2.0 * pair / 128); }

/// Distance of two rows that lie so far apart, by the formula.
double row_distance(double apart) {
  double sum = 0;
  for (int pair = 0; pair < 64; ++pair) sum += 2 - 2 * std::cos(apart * angle(pair));
  return std::sqrt(sum);
}

TEST_CASE("claims about formulas need no model, and their figures are those of the formulas") {
  const TemporaryFolder empty;
  const WithModels models(empty.path());
  const auto result = run_claims({"--text", short_text, "--json"}).json();
  CHECK(result["claims"].size() == 12);

  CHECK(verdict(result, "resolution") == "does not hold");
  CHECK(figure(result, "resolution", 0) ==
        doctest::Approx(2 * std::numbers::pi / angle(63)).epsilon(1e-5));
  double min = 1e9;
  for (int apart = 1; apart < 60000; ++apart) min = std::min(min, row_distance(apart));
  CHECK(figure(result, "resolution", 1) == doctest::Approx(row_distance(1)));
  CHECK(figure(result, "resolution", 2) == doctest::Approx(row_distance(1)));
  CHECK(figure(result, "resolution", 3) == doctest::Approx(min));

  const auto& curve = claim(result, "resolution")["curve"];
  CHECK(curve[0][0] == 1);
  CHECK(curve[4][0] == 5);
  CHECK(curve[4][1].get<double>() == doctest::Approx(row_distance(5)));
  CHECK(curve.size() > 150);

  CHECK(verdict(result, "relative-position") == "holds");
  CHECK(figure(result, "relative-position", 0) < 1e-6);
  CHECK(figure(result, "relative-position", 1) < 1e-5);
  CHECK(figure(result, "relative-position", 2) > 1);

  // 10000^(-4k/512) 256 < 1e-3 from k = 174 on, 10000^(-2k/512) 256 nowhere.
  CHECK(verdict(result, "doubled-exponent") == "holds");
  CHECK(claim(result, "doubled-exponent")["figures"].size() == 2);  // and no loss
  CHECK(figure(result, "doubled-exponent", 0) == 0);
  CHECK(figure(result, "doubled-exponent", 1) == 82);

  CHECK(verdict(result, "frequencies") == "does not hold");
  CHECK(figure(result, "frequencies", 0) == doctest::Approx(1));
  CHECK(figure(result, "frequencies", 1) == doctest::Approx(angle(63)));
  CHECK(figure(result, "frequencies", 2) == 0);

  CHECK(verdict(result, "index-steps") == "holds");
  CHECK(figure(result, "index-steps", 0) == doctest::Approx(1.0 / 30));
  CHECK(figure(result, "index-steps", 1) == doctest::Approx(1.0 / 90));
  CHECK(figure(result, "index-steps", 2) == doctest::Approx(3));
  CHECK(figure(result, "index-steps", 3) == doctest::Approx(1));
}

TEST_CASE("shuffled text is the same to an encoder without positions, and to no other model") {
  const auto& result = measured().result;
  CHECK(figure(result, "order", 0) < 1e-5);
  CHECK(speaks(result, "order", 0) == "for");
  // Were the last token that is read moved, too, the loss would be near that of frequencies alone.
  CHECK(figure(result, "order", 1) != 0);
  CHECK(std::abs(figure(result, "order", 1)) < 2);
  CHECK(figure(result, "order", 2) > 1);
  CHECK(claim(result, "order")["figures"][2]["speaks"].is_null());
}

TEST_CASE("what a longer window changes is what a comparison of lengths finds") {
  const auto& result = measured().result;
  CHECK(figure(result, "range", 0) == 256);
  CHECK(speaks(result, "range", 0) == "for");
  CHECK(verdict(result, "range") == "some figures for it");
  const auto& figures = claim(result, "range")["figures"];
  for (size_t index = 1; index < figures.size(); ++index) {
    const std::string name = figures[index]["subject"];
    const auto compared =
        run({"compare", source_path("weights/" + name).string(), "--text", long_text, "--lengths",
             "256,1024", "--convention", "disjoint", "--json"})
            .json();
    const auto& points = compared["groups"][0]["models"][0]["loss_by_length"];
    const double difference = points[1]["nll"].get<double>() - points[0]["nll"].get<double>();
    CAPTURE(name);
    CHECK(figures[index]["value"].get<double>() == doctest::Approx(difference));
  }
  CHECK(figure(result, "extension", 0) == doctest::Approx(1));
  CHECK(figure(result, "extension", 1) == figures[1]["value"]);
  CHECK(verdict(result, "extension") == "holds");  // in theory: no loss speaks of that
}

TEST_CASE("a difference speaks for or against a claim by its verdict, corrected for their number") {
  for (const auto& each : claim(measured().result, "range")["figures"]) {
    if (!each.contains("verdict")) continue;
    const bool relative = each["subject"] != "causal-sinusoidal";
    const std::string found = each["verdict"];
    const bool decided = found != "undecided" && found != "too few units";
    const bool worse = found == "worse";
    // That there may be trouble is not refuted by a model that has none.
    const std::string other = relative ? "against" : "open";
    CHECK(each["speaks"] == (!decided ? "open" : worse != relative ? "for" : other));
  }
  double min = 1, corrected = 1;
  const auto& figures = claim(measured().result, "text-length")["figures"];
  CHECK(figures.size() == 11);
  for (const auto& each : figures) {
    CHECK(each["holm_p"] >= each["p"]);
    min = std::min(min, each["p"].get<double>());
    corrected = std::min(corrected, each["holm_p"].get<double>());
  }
  CHECK(corrected == doctest::Approx(std::min(1.0, 11 * min)));
}

TEST_CASE("the change with length is that of the two differences") {
  const auto& result = measured().result;
  CHECK(figure(result, "text-length", 2) ==
        doctest::Approx(figure(result, "text-length", 1) - figure(result, "text-length", 0)));
  // The mean of three relative models against that of learned (0) and sinusoidal.
  double expected = -figure(result, "text-length", 3) / 2;
  for (size_t model = 5; model <= 9; model += 2) {
    expected += figure(result, "text-length", model) / 3;
  }
  CHECK(figure(result, "text-length", 0) == doctest::Approx(expected));
}

TEST_CASE("a scaled table and another model lose what another verb says they lose") {
  const auto& result = measured().result;
  const double trained = mean_loss("causal-sinusoidal");
  const auto scaled = [&](double by) {
    const std::string scheme = "sinusoidal:scale=" + std::to_string(by * table_scale());
    return mean_loss("causal-sinusoidal", {"--encoding", scheme}) - trained;
  };
  CHECK(figure(result, "scales", 0) == doctest::Approx(scaled(0.1)).epsilon(1e-3));
  CHECK(figure(result, "scales", 1) == doctest::Approx(scaled(10)).epsilon(1e-3));
  CHECK(figure(result, "scales", 2) == doctest::Approx(norm_ratio()));
  CHECK(figure(result, "doubled-exponent", 2) ==
        doctest::Approx(mean_loss("causal-learned") - trained));
  const auto& doubled = claim(result, "doubled-exponent")["figures"][2];
  CHECK(doubled["ci95"][0] < doubled["value"]);
  CHECK(doubled["ci95"][1] > doubled["value"]);
  CHECK(doubled["speaks"].is_null());
}

TEST_CASE("rows that no training reached are told from rows that do no harm") {
  const auto& result = measured().result;
  CHECK(std::abs(figure(result, "untrained-rows", 0)) < 1e-5);
  CHECK(speaks(result, "untrained-rows", 0) == "against");
  CHECK(figure(result, "untrained-rows", 2) > 0.2);
}

/// A copy of causal-learned with 512 rows, of which those from 256 on are large and no use, `shift`
/// rows further on.
void write_long_table(const TemporaryFolder& folder, const std::string& name, int64_t shift) {
  const auto source = source_path("weights/causal-learned");
  fs::copy(source, folder / name);
  const auto weights = open_safetensors(source / "model.safetensors");
  const std::string table_name = "transformer.wpe.weight";
  std::map<std::string, Tensor> tensors;
  for (const auto& weight : weights.names()) tensors.emplace(weight, weights.f32(weight));
  const Tensor trained = weights.f32(table_name);
  Tensor table({512, 160});
  for (int64_t row = 0; row < 512; ++row) {
    for (int64_t i = 0; i < 160; ++i) {
      const int64_t from = (row + shift) % 512;
      const auto useless = static_cast<float>(0.2 * std::sin(static_cast<double>(from * 160 + i)));
      table.view()(row, i) = from < 256 ? trained.view()(from, i) : useless;
    }
  }
  tensors.erase(table_name);
  tensors.emplace(table_name, std::move(table));
  fs::remove(folder / (name + "/model.safetensors"));
  save_safetensors(folder / (name + "/model.safetensors"), tensors);
  auto config = nlohmann::json::parse(read_text(folder / (name + "/config.json")));
  config["n_positions"] = 512;
  config["locus"]["trained_context"] = 128;
  folder.write(name + "/config.json", config.dump());
}

TEST_CASE("untrained rows cost what a model costs that has them in the place of its own") {
  const TemporaryFolder folder, other;
  write_long_table(folder, "causal-learned-512", 0);
  write_long_table(other, "shifted", 384);
  const std::string model = folder / "causal-learned-512";
  const WithModels models(folder.path());
  const auto result =
      run_claims({"--text", long_text, "--claim", "untrained-rows", "--json"}).json();
  CHECK(result["claims"].size() == 1);
  const auto loss = [&](const std::string& of) {
    const auto summary = run({"perplexity", of, "--text", long_text, "--context", "128",
                              "--convention", "disjoint", "--json"})
                             .json();
    return summary["nll"].get<double>() / summary["tokens"].get<double>();
  };
  CHECK(figure(result, "untrained-rows", 0) ==
        doctest::Approx(loss(other / "shifted") - loss(model)).epsilon(1e-3));
  const auto compared = run({"compare", model, "--text", long_text, "--lengths", "128,512",
                             "--context", "128", "--convention", "disjoint", "--json"})
                            .json();
  const auto& points = compared["groups"][0]["models"][0]["loss_by_length"];
  CHECK(figure(result, "untrained-rows", 1) ==
        doctest::Approx(points[1]["nll"].get<double>() - points[0]["nll"].get<double>()));
  CHECK(figure(result, "untrained-rows", 0) > 0.01);
  CHECK(speaks(result, "untrained-rows", 0) == "for");
  // The ten blocks that have windows of 512 tokens are too few for three comparisons.
  CHECK(speaks(result, "untrained-rows", 1) == "open");
  CHECK(verdict(result, "untrained-rows") == "some figures for it");
}

TEST_CASE("RoPE turns by units of an angle, and does not notice where a text begins") {
  const auto& result = measured().result;
  CHECK(verdict(result, "rotation") == "holds");
  for (size_t index = 0; index < 5; ++index) {
    CHECK(figure(result, "rotation", index) < 1e-4);
    CHECK(figure(result, "rotation", index) > 0);
  }
  CHECK(figure(result, "rotation", 5) == doctest::Approx(5));
}

}  // namespace
}  // namespace locus::tests::claims
