#include <doctest/doctest.h>

#include "base/sha256.hpp"
#include "tests/tools/cli/command.hpp"

namespace locus::tests {
namespace {

TEST_CASE("inspect gives the keys that the contract names") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/lm");
  const auto document = run({"inspect", model, "--json"}).json();
  CHECK(document["family"] == "bert");
  CHECK(document["task"] == "masked-lm");
  CHECK(document["encoding"] == nlohmann::json::array({"learned"}));
  CHECK(document["format"] == "safetensors");
  CHECK(document["context"] == 80);
  CHECK(document["tokenizer"] == "WordPiece, 97 tokens");
  CHECK(document["encoding_parameters"] == 80 * 60);
  CHECK_FALSE(document.contains("untrained"));
  const auto weights = read_text(model + "/model.safetensors");
  CHECK(document["files"]["model.safetensors"] == sha256(weights));
  CHECK(document["files"]["vocab.txt"] == sha256(read_text(model + "/vocab.txt")));
  CHECK(document["nodes"][0]["name"] == "bert.embeddings.word_embeddings");
  CHECK(document["nodes"][0]["kind"] == "embedding");
  CHECK(document["nodes"][0]["shape"] == nlohmann::json::array({"tokens", 60}));
}

TEST_CASE("the parameters are those of the file, tied ones once") {
  const auto document = run({"inspect", golden_model("gpt2/lm"), "--json"}).json();
  // 97 + 80 rows of 60; two layers of 4 60^2 + 2 60 67 weights, their biases and norms; a norm.
  const int layer = 4 * 60 * 60 + 4 * 60 + 2 * 60 * 67 + 67 + 60 + 4 * 60;
  CHECK(document["parameters"] == (97 + 80) * 60 + 2 * layer + 2 * 60);
  CHECK(document["tokenizer"].is_null());
}

TEST_CASE("a graph alone is a document or a drawing") {
  const auto model = golden_model("gpt2/lm");
  const auto graph = run({"inspect", model, "--graph", "json"}).json();
  CHECK(graph["family"] == "gpt2");
  const auto drawing = run({"inspect", model, "--graph", "dot"});
  CHECK(drawing.status == 0);
  CHECK(drawing.out.starts_with("digraph"));
  const std::string edge = R"("transformer.h.1.ln_2" -> "transformer.h.1.mlp.c_proj")";
  CHECK(drawing.out.find(edge + " [label=\"[tokens, 60]\"]") != std::string::npos);
}

TEST_CASE("a swapped-in encoding with weights is untrained, and says so in both modes") {
  const auto model = golden_model("bert/lm");
  const std::vector<std::string> swapped{"inspect", model, "--encoding", "shaw"};
  const auto plain = run(swapped);
  CHECK(plain.status == 0);
  CHECK(plain.err.starts_with("locus: warning: "));
  CHECK(plain.err.find("untrained") != std::string::npos);
  auto as_json = swapped;
  as_json.push_back("--json");
  const auto result = run(as_json);
  CHECK(result.json()["untrained"] == true);
  CHECK(result.json()["encoding"] == nlohmann::json::array({"shaw"}));
  CHECK(result.err.empty());
}

TEST_CASE("a model is found by its name in LOCUS_MODELS") {
  const TemporaryFolder folder;
  model_with_tokenizer(folder, "gpt2/lm");
  setenv("LOCUS_MODELS", (folder / "gpt2").c_str(), 1);
  const auto result = run({"inspect", "lm", "--json"});
  unsetenv("LOCUS_MODELS");
  CHECK(result.json()["family"] == "gpt2");
  CHECK(run({"inspect", "lm", "--json"}).status == 1);
}

TEST_CASE("plain output fits 80 columns") {
  const TemporaryFolder folder;
  const auto result = run({"inspect", model_with_tokenizer(folder, "roformer/lm")});
  CHECK(result.status == 0);
  size_t begin = 0;
  for (size_t end; (end = result.out.find('\n', begin)) != result.out.npos; begin = end + 1) {
    CHECK(end - begin <= 82);  // an ellipsis has three bytes
  }
  CHECK(result.out.find("\033[") == std::string::npos);
}

}  // namespace
}  // namespace locus::tests
