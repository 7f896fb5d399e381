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

TEST_CASE("a claim that its models cannot answer is withdrawn, whatever its figures are") {
  cli::claims::Claim claim;
  const auto ruling = [&](const Findings& findings) {
    return cli::claims::judge(claim, findings).ruling;
  };
  const Findings confirming{{{0, "", 0, Support::confirms}}, 0, {}};
  CHECK(ruling(confirming) == Ruling::holds);
  claim.withdrawn = true;
  CHECK(ruling(confirming) == Ruling::withdrawn);
  CHECK(ruling(Findings{{}, 0, {"causal-sinusoidal"}}) == Ruling::not_measured);
}

TEST_CASE("claims that rest on models trained at two rates, or not trained, are withdrawn") {
  for (const auto& each : measured().result["claims"]) {
    CAPTURE(each["name"]);
    const auto name = each["name"].get<std::string>();
    const bool withdrawn =
        name == "untrained-rows" || name == "text-length" || name == "doubled-exponent";
    CHECK((each["verdict"] == "withdrawn") == withdrawn);
  }
  const auto remark = [](const std::string& name, const std::string& language) {
    return claim(measured().result, name)["remark"][language].get<std::string>();
  };
  CHECK(remark("doubled-exponent", "en").find("0.0015 instead of 0.003") != std::string::npos);
  CHECK(remark("doubled-exponent", "zh").find("0.0015") != std::string::npos);
  CHECK(remark("text-length", "en").find("half the peak learning rate") != std::string::npos);
  CHECK(remark("untrained-rows", "en").find("plateau") != std::string::npos);
  CHECK(measured().markdown.find("| withdrawn |") != std::string::npos);
  CHECK(measured().markdown.find("**withdrawn.**") != std::string::npos);
  CHECK(measured().markdown.find("| 已撤回 |") != std::string::npos);
}

TEST_CASE("a claim whose models are absent says which, in both languages") {
  const TemporaryFolder folder;
  fs::create_directory_symlink(source_path("weights/causal-sinusoidal"),
                               folder / "causal-sinusoidal");
  const WithModels models(folder.path());
  const auto ran = run_claims({"--text", short_text, "--json", "--markdown", folder / "c.md"});
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
  const auto extension = claim(run_claims({"--text", short_text, "--json"}).json(), "extension");
  CHECK(extension["verdict"] == "not measured");
  CHECK(extension["missing_tokens"] == 1024);
  const auto text = run_claims({"--text", short_text, "--language", "zh"}).out;
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
