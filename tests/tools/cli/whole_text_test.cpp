// Classes of encoder-decoders and causal models that read whole texts, as a user runs them.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "tests/support/paths.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/tools/cli/command.hpp"

namespace locus::tests {
namespace {

using nlohmann::json;

/// What the reference says of ids alone, by a model whose config is as it is stored.
json said_of(const std::string& model) {
  const json all = json::parse(read_text(source_path("tests/goldens/heads.json")));
  const auto found = std::ranges::find_if(all, [&](const json& example) {
    return example["model"] == model && example["config"].empty();
  });
  REQUIRE(found != all.end());
  return (*found)["texts"][0];
}

std::string ids_of(const json& text) {
  std::string ids;
  for (const int32_t id : text["ids"]) ids += (ids.empty() ? "" : ",") + std::to_string(id);
  return ids;
}

void check_values(const json& found, const json& expected) {
  REQUIRE(found.size() == expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    CHECK(found[i].get<double>() == doctest::Approx(expected[i].get<double>()).epsilon(1e-3));
  }
}

}  // namespace

TEST_CASE("trace gives a decoder that reads the text its own ids") {
  for (const std::string name : {"bart/sequence", "mbart/sequence", "t5/sequence"}) {
    CAPTURE(name);
    const json text = said_of(name);
    const auto result = run({"trace", golden_model(name), "--ids", ids_of(text), "--json"});
    CAPTURE(result.err);
    check_values(result.json()["tensors"]["logits"]["values"], text["logits"]);
  }
  for (const std::string name : {"bart/answer", "umt5/answer"}) {
    CAPTURE(name);
    const json text = said_of(name);
    const auto result = run({"trace", golden_model(name), "--ids", ids_of(text), "--json"});
    check_values(result.json()["tensors"]["start_logits"]["values"], text["start_logits"]);
    check_values(result.json()["tensors"]["end_logits"]["values"], text["end_logits"]);
  }
}

TEST_CASE("classify and answer work for encoder-decoders, tag for T5's encoder") {
  const TemporaryFolder folder;
  const auto labels = run({"classify", golden_model("bart/sequence"), "--ids", "5,9,2", "--json"});
  CHECK(labels.json()["labels"].size() == 4);
  const auto model = model_with_tokenizer(folder, "t5/answer");
  const auto answer = run(
      {"answer", model, "--question", "who sat?", "--context", "the cat sat on a mat.", "--json"});
  CAPTURE(answer.err);
  CHECK(answer.json()["windows"] == 1);
  const auto tags = run({"tag", model_with_tokenizer(folder, "t5/tokens"), "the cat", "--json"});
  CAPTURE(tags.err);
  CHECK(tags.status == 0);
}

TEST_CASE("token types are refused where a model has none") {
  const auto result =
      run({"trace", golden_model("gpt2/lm"), "--ids", "5,6", "--type-ids", "1,1", "--json"});
  CHECK(result.status == 1);
  CHECK(result.err.find("--type-ids: expected a model with token types") != std::string::npos);
}

TEST_CASE("a text without an end token is refused where it is classified by it") {
  const auto result = run({"classify", golden_model("bart/sequence"), "--ids", "5,9"});
  CHECK(result.status == 1);
  CHECK(result.err.find("expected the id 2 in every text, found none") != std::string::npos);
}

TEST_CASE("double heads choose where choices are given, and continue where none are") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "gpt2/double");
  const auto chosen = run({"run", model, "the", "--choice", "cat", "--choice", "a dog", "--json"});
  CAPTURE(chosen.err);
  CHECK(chosen.json()["labels"].size() == 2);
  const auto continued = run({"run", model, "the", "--json"});
  CHECK(continued.json().contains("ids"));
  CHECK(run({"classify", model, "the", "--choice", "cat"}).status == 2);
}

TEST_CASE("a model's generation config is the command's default, and the command comes first") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "gpt2/lm");
  const auto plain = run({"generate", model, "the", "--max-tokens", "8", "--json"}).json();
  const auto beams = run({"generate", model, "the", "--max-tokens", "8", "--beams", "3", "--json"});
  const auto seeded = run({"generate", model, "the", "--max-tokens", "8", "--temperature", "1.5",
                           "--top-k", "50", "--json"});
  std::ofstream(model + "/generation_config.json") << R"({"num_beams": 3, "max_new_tokens": 8})";
  CHECK(run({"generate", model, "the", "--json"}).json()["ids"] == beams.json()["ids"]);
  CHECK(run({"generate", model, "the", "--beams", "1", "--json"}).json()["ids"] == plain["ids"]);
  CHECK(run({"generate", model, "the", "--stop", "a"}).status == 2);
  std::ofstream(model + "/generation_config.json")
      << R"({"do_sample": true, "temperature": 1.5, "max_length": 12})";
  const auto drawn = run({"generate", model, "the", "--max-tokens", "8", "--json"}).json();
  CHECK(drawn["ids"] == seeded.json()["ids"]);
  CHECK(run({"generate", model, "the", "--max-tokens", "8", "--beams", "3", "--json"})
            .json()["ids"] == beams.json()["ids"]);
  const auto limited = run({"generate", model, "the", "--temperature", "0", "--json"}).json();
  CHECK(limited["ids"].size() <= 12);
  std::ofstream(model + "/generation_config.json") << R"({"num_beam_groups": 2})";
  const auto refused = run({"generate", model, "the"});
  CHECK(refused.status == 1);
  CHECK(refused.err.find("'num_beam_groups' to be 1, found 2") != std::string::npos);
}

TEST_CASE("an end token is not chosen before the least number of new tokens") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "gpt2/lm");
  const json greedy = run({"generate", model, "the", "--max-tokens", "9", "--json"}).json();
  std::ofstream(model + "/generation_config.json")
      << json{{"eos_token_id", greedy["ids"][2]}}.dump();
  const json ended = run({"generate", model, "the", "--max-tokens", "9", "--json"}).json();
  CHECK(ended["ids"].size() <= 3);
  const json longer =
      run({"generate", model, "the", "--max-tokens", "9", "--min-tokens", "7", "--json"}).json();
  CHECK(longer["ids"].size() >= 8);
}

}  // namespace locus::tests
