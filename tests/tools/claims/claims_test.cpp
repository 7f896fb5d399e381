#include <doctest/doctest.h>

#include <vector>

#include "tests/tools/claims/claims.hpp"
#include "tools/claims/claim.hpp"

namespace locus::tests::claims {
namespace {

namespace fs = std::filesystem;
using cli::claims::Findings;
using cli::claims::Ruling;
using cli::claims::ruling_of;
using cli::claims::Support;

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

TEST_CASE("models that were not trained alike are not held against each other") {
  cli::claims::Claim claim;
  const Findings confirming{{{0, "", 0, Support::confirms}}, 0, {}};
  const auto ruling = [&](const cli::claims::Recipes& recipes) {
    return cli::claims::judge(claim, confirming, recipes).ruling;
  };
  claim.evidence = cli::claims::Evidence::models;
  CHECK(ruling({{"causal-rope"}, {"adamw.peak_rate"}}) == Ruling::holds);
  claim.evidence = cli::claims::Evidence::between_models;
  CHECK(ruling({}) == Ruling::holds);
  CHECK(ruling({{"causal-rope"}, {}}) == Ruling::withdrawn);
  CHECK(ruling({{}, {"adamw.peak_rate"}}) == Ruling::withdrawn);
  const Findings absent{{}, 0, {"causal-sinusoidal"}};
  CHECK(cli::claims::judge(claim, absent).ruling == Ruling::not_measured);
}

TEST_CASE("what rests on models of an unknown recipe is preliminary, or withdrawn") {
  for (const auto& each : measured().result["claims"]) {
    CAPTURE(each["name"]);
    CHECK((each["verdict"] == "withdrawn") == (each["name"] == "text-length"));
    // The one model of `extension` has a training block here.
    const bool known = each["evidence"] == "arithmetic" || each["name"] == "extension";
    CHECK(each["caution"]["en"].get<std::string>().starts_with("Preliminary") != known);
  }
  CHECK(measured().markdown.find("| Withdrawn. It compares models that") != std::string::npos);
  CHECK(measured().markdown.find("**Withdrawn. It") != std::string::npos);
  CHECK(measured().markdown.find("| 已撤回。") != std::string::npos);
}

TEST_CASE("models of one recipe are held against each other, and others' fields are named") {
  const TemporaryFolder folder;
  for (const char* name :
       {"causal-learned", "causal-sinusoidal", "causal-rope", "causal-t5", "causal-alibi"}) {
    const bool other = std::string(name) == "causal-t5";
    link_trained(source_path("weights/" + std::string(name)), folder / name, other ? 0.1 : 0.003);
  }
  const WithModels models(folder.path());
  const auto measure = [] {
    return claim(run_claims({"--text", short_text, "--claim", "text-length", "--json"}).json(),
                 "text-length");
  };
  auto found = measure();
  CHECK(found["verdict"] == "withdrawn");
  CHECK(found["caution"]["en"] == "The models' recipes differ in rate.");
  fs::remove_all(folder / "causal-t5");
  link_trained(source_path("weights/causal-t5"), folder / "causal-t5");
  found = measure();
  CHECK(found["verdict"] != "withdrawn");
  CHECK(found["caution"]["en"] == "");
}

TEST_CASE("a claim whose models are absent says which, in both languages") {
  const TemporaryFolder folder;
  fs::create_directory_symlink(source_path("weights/causal-sinusoidal"),
                               folder / "causal-sinusoidal");
  const WithModels models(folder.path());
  const auto ran = run_claims({"--text", short_text, "--json", "--markdown", folder / "c.md"});
  const auto result = ran.json();
  CHECK(verdict(result, "rotation") == "not measured");
  CHECK(claim(result, "rotation")["absent"] == nlohmann::json{"causal-rope"});
  CHECK(claim(result, "order")["absent"].size() == 3);
  CHECK(claim(result, "order")["figures"].empty());
  const auto markdown = read_text(folder / "c.md");
  CHECK(markdown.find("Not measured: model causal-rope is absent") != std::string::npos);
  CHECK(markdown.find("models masked-none, causal-none, masked-rope are absent") !=
        std::string::npos);
  CHECK(markdown.find("未测：缺少模型 causal-rope") != std::string::npos);
}

TEST_CASE("a text that is too short for a claim is said to be so") {
  const TemporaryFolder folder;
  fs::create_directory_symlink(source_path("weights/causal-sinusoidal"),
                               folder / "causal-sinusoidal");
  const WithModels models(folder.path());
  const std::vector<std::string> asked{"--text", short_text, "--claim", "extension"};
  auto as_json = asked, in_chinese = asked;
  as_json.push_back("--json");
  in_chinese.insert(in_chinese.end(), {"--language", "zh"});
  const auto extension = claim(run_claims(as_json).json(), "extension");
  CHECK(extension["verdict"] == "not measured");
  CHECK(extension["missing_tokens"] == 1024);
  const auto text = run_claims(in_chinese).out;
  CHECK(text.find("没有 1,024 个词元长的文本") != std::string::npos);
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
    for (const char* part : {"quote", "translation"}) {
      CHECK_FALSE(each[part].get<std::string>().empty());
    }
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
      run_claims({"--text", short_text, "--language", "zh", "--report", folder / "claims.html"});
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
  CHECK(written.find("`tools/claims/run` (`locus-claims --markdown docs/claims.md`)") !=
        std::string::npos);
}

TEST_CASE("the claims refuse what they cannot do and write nothing") {
  const TemporaryFolder folder;
  const WithModels models(folder.path());
  const auto refused = [&](std::vector<std::string> more, int status) {
    std::vector<std::string> arguments{"--markdown", folder / "claims.md"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    CAPTURE(more.back());
    const auto result = run_claims(arguments);
    CHECK(result.status == status);
    CHECK(result.out.empty());
    CHECK_FALSE(result.err.empty());
    CHECK_FALSE(fs::exists(folder / "claims.md"));
  };
  refused({"--text", short_text, "--language", "fr"}, 2);
  refused({"--text", short_text, "--encoding", "alibi"}, 2);
  refused({"--text", short_text, "--sample", "0"}, 2);
  refused({"--text", short_text, "--claim", "absent"}, 2);
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
}  // namespace locus::tests::claims
