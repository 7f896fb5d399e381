#include <doctest/doctest.h>
#include <stdlib.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <numbers>

#include "engine/weights.hpp"
#include "tests/support/paths.hpp"
#include "tests/tools/command.hpp"
#include "tools/cli/claims/claim.hpp"

namespace locus::tests {
namespace {

namespace fs = std::filesystem;
using cli::claims::Findings;
using cli::claims::Ruling;
using cli::claims::ruling_of;
using cli::claims::Support;

/// LOCUS_MODELS while this lives.
class WithModels {
 public:
  explicit WithModels(const fs::path& folder) { setenv("LOCUS_MODELS", folder.c_str(), 1); }
  ~WithModels() { unsetenv("LOCUS_MODELS"); }
};

const std::string short_text = source_path("weights/text/the_interpreter.txt").string();
const std::string long_text = source_path("weights/text/tide_gauge_manual.txt").string();

const nlohmann::json& claim(const nlohmann::json& result, const std::string& name) {
  for (const auto& each : result["claims"]) {
    if (each["name"] == name) return each;
  }
  FAIL("no claim ", name);
  return result;
}

double figure(const nlohmann::json& result, const std::string& name, size_t index) {
  return claim(result, name)["figures"].at(index)["value"];
}

std::string speaks(const nlohmann::json& result, const std::string& name, size_t index) {
  return claim(result, name)["figures"].at(index)["speaks"];
}

std::string verdict(const nlohmann::json& result, const std::string& name) {
  return claim(result, name)["verdict"];
}

/// The shipped models, and under the names of those that may be absent others of a known kind.
void link_models(const TemporaryFolder& folder) {
  const auto weights = source_path("weights");
  for (const auto& entry : fs::directory_iterator(weights)) {
    fs::create_directory_symlink(entry.path(), folder / entry.path().filename().string());
  }
  const auto replaced = {"masked-none", "masked-bert-512", "causal-sinusoidal-doubled",
                         "causal-weighted-mix"};
  for (const char* name : replaced) fs::remove(folder / name);
  fs::create_directory_symlink(weights / "causal-sinusoidal", folder / "causal-weighted-mix");
  // RoFormer in the place of the one with untrained rows: shifts do not change it.
  fs::create_directory_symlink(weights / "masked-roformer", folder / "masked-bert-512");
  fs::create_directory_symlink(weights / "causal-learned", folder / "causal-sinusoidal-doubled");
  fs::copy(weights / "masked-bert", folder / "masked-none");
  auto config = nlohmann::json::parse(read_text(folder / "masked-none/config.json"));
  config["locus"]["encoding"] = "none";
  folder.write("masked-none/config.json", config.dump());
}

/// Everything at once, on one long text; the commands are slow.
struct Measured {
  nlohmann::json result;
  std::string markdown, page;

  Measured() {
    const TemporaryFolder folder, written;
    link_models(folder);
    const WithModels models(folder.path());
    const auto ran = run({"claims", "--text", long_text, "--sample", "64", "--json", "--markdown",
                          written / "claims.md", "--report", written / "claims.html"});
    result = ran.json();
    markdown = read_text(written / "claims.md");
    page = read_text(written / "claims.html");
  }
};

const Measured& measured() {
  static const Measured once;
  return once;
}

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
  const double scale = 1 / std::sqrt(160.0), row = scale * std::sqrt(80.0);
  return row / norms[128];
}

double angle(int pair) { return std::pow(10000.0, -2.0 * pair / 128); }

/// Distance of two rows that lie so far apart, by the formula.
double row_distance(double apart) {
  double sum = 0;
  for (int pair = 0; pair < 64; ++pair) sum += 2 - 2 * std::cos(apart * angle(pair));
  return std::sqrt(sum);
}

TEST_CASE("a claim holds if all figures are for it, in part if some are, and not if none is") {
  const auto ruling = [](std::vector<Support> supports) {
    Findings findings;
    for (const Support support : supports) findings.figures.push_back({0, "", 0, support});
    return ruling_of(findings);
  };
  using enum Support;
  CHECK(ruling({confirms, none, confirms}) == Ruling::holds);
  CHECK(ruling({confirms, contradicts}) == Ruling::in_part);
  CHECK(ruling({confirms, open}) == Ruling::in_part);
  CHECK(ruling({contradicts, none}) == Ruling::fails);
  CHECK(ruling({contradicts, open}) == Ruling::fails);
  CHECK(ruling({open, none}) == Ruling::undecided);
  CHECK(ruling({none}) == Ruling::undecided);
  CHECK(ruling_of(Findings{{{0, "", 0, confirms}}, 1024, {}}) == Ruling::not_measured);
  CHECK(ruling_of(Findings{{}, 0, {"masked-none"}}) == Ruling::not_measured);
}

TEST_CASE("claims about formulas need no model, and their figures are those of the formulas") {
  const TemporaryFolder empty;
  const WithModels models(empty.path());
  const auto result = run({"claims", "--text", short_text, "--json"}).json();
  CHECK(result["claims"].size() == 12);

  CHECK(verdict(result, "resolution") == "does not hold");
  CHECK(figure(result, "resolution", 0) ==
        doctest::Approx(2 * std::numbers::pi / angle(63)).epsilon(1e-5));
  double least = 1e9;
  for (int apart = 1; apart < 60000; ++apart) least = std::min(least, row_distance(apart));
  CHECK(figure(result, "resolution", 1) == doctest::Approx(row_distance(1)));
  CHECK(figure(result, "resolution", 2) == doctest::Approx(row_distance(1)));
  CHECK(figure(result, "resolution", 3) == doctest::Approx(least));

  const auto& curve = claim(result, "resolution")["curve"];
  CHECK(curve[0][0] == 1);
  CHECK(curve[4][0] == 5);
  CHECK(curve[4][1].get<double>() == doctest::Approx(row_distance(5)));
  CHECK(curve.size() > 150);

  CHECK(verdict(result, "relative-position") == "does not hold");
  CHECK(figure(result, "relative-position", 0) < 1e-6);
  CHECK(figure(result, "relative-position", 1) < 1e-5);

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

TEST_CASE("a claim whose models are absent says which, in both languages") {
  const TemporaryFolder folder;
  fs::create_directory_symlink(source_path("weights/causal-sinusoidal"),
                               folder / "causal-sinusoidal");
  const WithModels models(folder.path());
  const auto ran = run({"claims", "--text", short_text, "--json", "--markdown", folder / "c.md"});
  const auto result = ran.json();
  CHECK(verdict(result, "doubled-exponent") == "not measured");
  CHECK(claim(result, "doubled-exponent")["absent"] == nlohmann::json{"causal-sinusoidal-doubled"});
  CHECK(claim(result, "order")["absent"].size() == 3);
  CHECK(claim(result, "order")["figures"].empty());
  const auto markdown = read_text(folder / "c.md");
  CHECK(markdown.find("not measured: model causal-sinusoidal-doubled is absent") !=
        std::string::npos);
  CHECK(markdown.find("models masked-none, causal-none, masked-roformer are absent") !=
        std::string::npos);
  CHECK(markdown.find("未测：缺少模型 causal-sinusoidal-doubled") != std::string::npos);
}

TEST_CASE("a text that is too short for a claim is said to be so") {
  const TemporaryFolder folder;
  fs::create_directory_symlink(source_path("weights/causal-sinusoidal"),
                               folder / "causal-sinusoidal");
  const WithModels models(folder.path());
  const auto extension = claim(run({"claims", "--text", short_text, "--json"}).json(), "extension");
  CHECK(extension["verdict"] == "not measured");
  CHECK(extension["missing_tokens"] == 1024);
  const auto text = run({"claims", "--text", short_text, "--language", "zh"}).out;
  CHECK(text.find("没有 1,024 个词元长的文本") != std::string::npos);
}

TEST_CASE("shuffled text is the same to an encoder without positions, and to no other model") {
  const auto& result = measured().result;
  CHECK(figure(result, "order", 0) < 1e-5);
  CHECK(speaks(result, "order", 0) == "for");
  // Were the last token that is read moved, too, the loss would rise by more than 1.
  CHECK(figure(result, "order", 1) != 0);
  CHECK(std::abs(figure(result, "order", 1)) < 0.5);
  CHECK(figure(result, "order", 2) > 1);
  CHECK(claim(result, "order")["figures"][2]["speaks"].is_null());
}

TEST_CASE("what a longer window changes is what a comparison of lengths finds") {
  const auto& result = measured().result;
  CHECK(figure(result, "range", 0) == 256);
  CHECK(speaks(result, "range", 0) == "for");
  CHECK(verdict(result, "range") == "holds in part");
  const auto& figures = claim(result, "range")["figures"];
  for (size_t index = 1; index < figures.size(); ++index) {
    const std::string name = figures[index]["subject"];
    const auto compared = run({"compare", source_path("weights/" + name).string(), "--text",
                               long_text, "--lengths", "256,1024", "--json"})
                              .json();
    const auto& points = compared["groups"][0]["models"][0]["loss_by_length"];
    const double difference = points[1]["nll"].get<double>() - points[0]["nll"].get<double>();
    CAPTURE(name);
    CHECK(figures[index]["value"].get<double>() == doctest::Approx(difference));
  }
  CHECK(figure(result, "extension", 0) == doctest::Approx(1));
  CHECK(figure(result, "extension", 1) == figures[1]["value"]);
  CHECK(verdict(result, "extension") == "holds in part");
}

TEST_CASE("a difference speaks for or against a claim by its verdict, corrected for their number") {
  for (const auto& each : claim(measured().result, "range")["figures"]) {
    if (!each.contains("verdict")) continue;
    const bool relative = each["subject"] != "causal-sinusoidal";
    const std::string found = each["verdict"];
    const bool decided = found != "undecided" && found != "too few units";
    const bool worse = found == "worse";
    CHECK(each["speaks"] == (!decided ? "open" : worse != relative ? "for" : "against"));
  }
  double least = 1, corrected = 1;
  const auto& figures = claim(measured().result, "text-length")["figures"];
  CHECK(figures.size() == 11);
  for (const auto& each : figures) {
    CHECK(each["holm_p"] >= each["p"]);
    least = std::min(least, each["p"].get<double>());
    corrected = std::min(corrected, each["holm_p"].get<double>());
  }
  CHECK(corrected == doctest::Approx(std::min(1.0, 11 * least)));
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
    const std::string scheme = "sinusoidal:scale=" + std::to_string(by / std::sqrt(160.0));
    return mean_loss("causal-sinusoidal", {"--encoding", scheme}) - trained;
  };
  CHECK(figure(result, "scales", 0) == doctest::Approx(scaled(0.1)).epsilon(1e-3));
  CHECK(figure(result, "scales", 1) == doctest::Approx(scaled(10)).epsilon(1e-3));
  CHECK(figure(result, "scales", 2) == doctest::Approx(norm_ratio()));
  CHECK(figure(result, "scales", 4) == figure(result, "scales", 2));
  CHECK(figure(result, "doubled-exponent", 0) ==
        doctest::Approx(mean_loss("causal-learned") - trained));
  const auto& doubled = claim(result, "doubled-exponent")["figures"][0];
  CHECK(doubled["ci95"][0] < doubled["value"]);
  CHECK(doubled["ci95"][1] > doubled["value"]);
  // 10000^(-4k/160) 256 < 1e-3 from k = 55 on.
  CHECK(figure(result, "doubled-exponent", 1) == 0);
  CHECK(figure(result, "doubled-exponent", 2) == 25);
}

TEST_CASE("rows that no training reached are told from rows that do no harm") {
  const auto& result = measured().result;
  CHECK(std::abs(figure(result, "untrained-rows", 0)) < 1e-5);
  CHECK(speaks(result, "untrained-rows", 0) == "against");
  CHECK(figure(result, "untrained-rows", 2) > 1);
}

/// A copy of masked-bert with 512 rows, of which those from 256 on are large and no use, `shift`
/// rows further on.
void write_long_bert(const TemporaryFolder& folder, const std::string& name, int64_t shift) {
  const auto source = source_path("weights/masked-bert");
  fs::copy(source, folder / name);
  const auto weights = open_safetensors(source / "model.safetensors");
  const std::string table_name = "bert.embeddings.position_embeddings.weight";
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
  config["max_position_embeddings"] = 512;
  config["locus"]["trained_context"] = 128;
  folder.write(name + "/config.json", config.dump());
}

TEST_CASE("untrained rows cost what a model costs that has them in the place of its own") {
  const TemporaryFolder folder, other;
  write_long_bert(folder, "masked-bert-512", 0);
  write_long_bert(other, "shifted", 384);
  const WithModels models(folder.path());
  const auto result = run({"claims", "--text", long_text, "--sample", "48", "--json"}).json();
  const auto loss = [&](const std::string& model, const std::string& context) {
    const auto summary = run({"perplexity", model, "--text", long_text, "--context", context,
                              "--sample", "48", "--json"})
                             .json();
    return summary["nll"].get<double>() / summary["tokens"].get<double>();
  };
  const std::string model = folder / "masked-bert-512";
  const double usual = loss(model, "128");
  CHECK(figure(result, "untrained-rows", 0) ==
        doctest::Approx(loss(other / "shifted", "128") - usual).epsilon(1e-3));
  CHECK(figure(result, "untrained-rows", 1) ==
        doctest::Approx(loss(model, "512") - usual).epsilon(1e-3));
  CHECK(std::abs(figure(result, "untrained-rows", 0)) > 1e-4);
}

TEST_CASE("RoPE does not notice where a text begins") {
  const auto& result = measured().result;
  CHECK(verdict(result, "distance-alone") == "holds");
  for (size_t index = 0; index < 5; ++index) {
    CHECK(figure(result, "distance-alone", index) < 1e-4);
    CHECK(figure(result, "distance-alone", index) > 0);
  }
}

TEST_CASE("every text of the claims is there in English and in Chinese") {
  for (const auto& each : measured().result["claims"]) {
    CAPTURE(each["name"]);
    for (const char* language : {"en", "zh"}) {
      for (const char* part : {"sentence", "experiment", "remark"}) {
        CAPTURE(part);
        CHECK_FALSE(each[part][language].get<std::string>().empty());
      }
      for (const auto& figure : each["figures"]) {
        const auto label = figure["label"][language].get<std::string>();
        CHECK_FALSE(label.empty());
        CHECK(label.find('{') == std::string::npos);
      }
      const auto sentence = each["sentence"][language].get<std::string>();
      CHECK(measured().markdown.find(". " + sentence + " (") != std::string::npos);
    }
    CHECK(each["sentence"]["en"] != each["sentence"]["zh"]);
  }
  CHECK(measured().markdown.find('{') == std::string::npos);
}

TEST_CASE("the page of the claims holds everything that it shows, in either language") {
  const auto check = [](const std::string& page, const std::string& language) {
    CHECK(page.find("<html lang=\"" + language + "\">") != std::string::npos);
    CHECK(page.find("{{") == std::string::npos);
    for (const char* outside : {"<script src", "<link", "@import", "<img"}) {
      CHECK(page.find(outside) == std::string::npos);
    }
    CHECK((page.find("不成立") != std::string::npos) == (language == "zh"));
  };
  check(measured().page, "en");
  const TemporaryFolder folder;
  const WithModels models(folder.path());
  const auto ran =
      run({"claims", "--text", short_text, "--language", "zh", "--report", folder / "claims.html"});
  CHECK(ran.out.find("不成立") != std::string::npos);
  check(read_text(folder / "claims.html"), "zh");
}

TEST_CASE("the claims' page in the documentation is one that the command wrote") {
  const auto written = read_text(source_path("docs/claims.md"));
  for (const auto& each : measured().result["claims"]) {
    for (const char* language : {"en", "zh"}) {
      const auto sentence = each["sentence"][language].get<std::string>();
      CHECK(written.find(". " + sentence) != std::string::npos);
    }
  }
  CHECK(written.find("locus claims --markdown docs/claims.md") != std::string::npos);
}

TEST_CASE("the claims refuse what they cannot do and write nothing") {
  const TemporaryFolder folder;
  const WithModels models(folder.path());
  const auto refused = [&](std::vector<std::string> more, int status) {
    std::vector<std::string> arguments{"claims", "--markdown", folder / "claims.md"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    CAPTURE(more.back());
    const auto result = run(arguments);
    CHECK(result.status == status);
    CHECK(result.out.empty());
    CHECK_FALSE(result.err.empty());
    CHECK_FALSE(fs::exists(folder / "claims.md"));
  };
  refused({"--text", short_text, "--language", "fr"}, 2);
  refused({"--text", short_text, "--encoding", "alibi"}, 2);
  refused({"--text", short_text, "--sample", "0"}, 2);
  refused({"--text", short_text, "--report", folder / "absent/page.html"}, 1);
  refused({"--text", short_text, "--report", folder.path().string()}, 1);
  refused({"--text", folder / "absent.txt"}, 1);
  refused({"--seed", "1"}, 1);  // no text beside the models
  folder.write("empty.txt", "");
  refused({"--text", folder / "empty.txt"}, 1);
  folder.write("binary.txt", std::string("\xff\xfe\x00\x01", 4));
  refused({"--text", folder / "binary.txt"}, 1);
  folder.write("causal-rope/config.json", "{}");
  refused({"--text", short_text}, 1);  // a model that is there and broken is not absent
}

}  // namespace
}  // namespace locus::tests
