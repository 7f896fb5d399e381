// What is said of files that ask for more than is done.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "base/read_file.hpp"
#include "engine/weights.hpp"
#include "tests/support/paths.hpp"
#include "tests/tools/cli/command.hpp"

namespace locus::tests {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Changes a JSON file of a model's folder, or writes it.
void edit(const std::string& model, const std::string& name, const json& change) {
  const fs::path file = fs::path(model) / name;
  json document = fs::exists(file) ? json::parse(read_file(file)) : json::object();
  document.update(change);
  std::ofstream(file) << document;
}

std::string warning(const std::string& model, const std::string& file, const std::string& keys) {
  return "locus: " + (fs::path(model) / file).string() + ": warning: no use is made of " + keys +
         "\n";
}

std::string ids(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += (i > 0 ? "," : "") + std::to_string(5 + i % 50);
  return text;
}

/// Adds a weight that no class has.
void add_weight(const std::string& model, const std::string& name) {
  const fs::path file = fs::path(model) / "model.safetensors";
  std::map<std::string, Tensor> tensors;
  const Weights weights = open_safetensors(file);
  for (const std::string& each : weights.names()) tensors.emplace(each, weights.f32(each));
  tensors.emplace(name, Tensor({2, 3}));
  save_safetensors(file.string(), tensors, {});
}

}  // namespace

TEST_CASE("keys without use are named by file: by the verbs, inspect and doctor") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/bare");
  edit(model, "config.json", {{"attention_chunk", 8}, {"aardvark", 1}});
  edit(model, "tokenizer_config.json", {{"strange", 1}});
  edit(model, "config_sentence_transformers.json", {{"quantize", "int8"}});
  edit(model, "sentence_bert_config.json", {{"transformer_task", "any-to-any"}});
  const std::string of_config = warning(model, "config.json", "'aardvark', 'attention_chunk'");
  const std::string of_tokenizer = warning(model, "tokenizer_config.json", "'strange'");
  const std::string of_folder = warning(model, "config_sentence_transformers.json", "'quantize'") +
                                warning(model, "sentence_bert_config.json", "'transformer_task'");
  CHECK(run({"trace", model, "--ids", "5,6"}).err == of_config);
  CHECK(run({"embed", model, "a b"}).err.starts_with(of_config));
  CHECK(run({"embed", model, "a b"}).err.ends_with(of_tokenizer));
  CHECK(run({"embed", model, "a b"}).err.find(of_folder) != std::string::npos);
  json keys;
  const json inspected = run({"inspect", model, "--json"}).json();
  for (const json& each : inspected["unread_keys"]) keys.push_back(each["key"]);
  CHECK(keys == json{"aardvark", "attention_chunk", "strange", "quantize", "transformer_task"});
  const json found = run({"doctor", model, "--json"}).json()["contradictions"];
  for (const json& key : keys) {
    CHECK(found.dump().find(key.get<std::string>() + " of ") != std::string::npos);
  }
}

TEST_CASE("tokenize names keys of tokenizer_config.json") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/lm");
  edit(model, "tokenizer_config.json", {{"strange", 1}});
  const auto result = run({"tokenize", model, "a"});
  CHECK(result.status == 0);
  CHECK(result.err == warning(model, "tokenizer_config.json", "'strange'"));
}

TEST_CASE("a text beyond the context is read with one warning where the encoding goes on") {
  const std::string model = golden_model("llama/lm");
  const std::string warned = "locus: warning: a text of ";
  const std::string of = " tokens, longer than the model's context of 80\n";
  const auto traced = run({"trace", model, "--ids", ids(150), "--json"});
  CHECK(traced.status == 0);
  CHECK(traced.err == warned + "150" + of);
  CHECK(run({"trace", model, "--ids", ids(80), "--json"}).err == "");
  const auto generated = run({"generate", model, "--ids", ids(150), "--max-tokens", "3"});
  CHECK(generated.status == 0);
  CHECK(generated.err == warned + "153" + of);
}

TEST_CASE("weights of another class are refused, and left out where that is asked for") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/lm");
  add_weight(model, "my_head.weight");
  const auto refused = run({"trace", model, "--ids", "5,6"});
  CHECK(refused.status == 1);
  CHECK(refused.err ==
        "locus: my_head.weight: expected a weight that a bert model of this config has "
        "(--leave-surplus goes without), found one that it does not have\n");
  const auto left = run({"trace", model, "--ids", "5,6", "--leave-surplus", "--json"});
  CHECK(left.status == 0);
  CHECK(left.err ==
        "locus: warning: left out, since a bert model for masked-lm does not have them: "
        "my_head.weight\n");
  CHECK(left.json() == run({"trace", golden_model("bert/lm"), "--ids", "5,6", "--json"}).json());
}

TEST_CASE("a begin token that the vocabulary does not have is named, and can be replaced") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "gpt2/lm");
  edit(model, "config.json", {{"bos_token_id", 50256}});
  const auto text = folder.write("text.txt", "a b c a b");
  const auto refused = run({"perplexity", model, "--text", text.string()});
  CHECK(refused.status == 1);
  CHECK(refused.err ==
        "locus: bos_token_id: expected a begin token among the 97 of the model (perplexity --bos "
        "takes another, or none), found 50256\n");
  const auto none = run({"perplexity", model, "--text", text.string(), "--bos", "none", "--json"});
  const auto other = run({"perplexity", model, "--text", text.string(), "--bos", "2", "--json"});
  CHECK(none.json()["tokens"].get<int>() + 1 == other.json()["tokens"].get<int>());
  edit(model, "config.json", {{"bos_token_id", 2}});
  const auto own = run({"perplexity", model, "--text", text.string(), "--json"});
  CHECK(own.json()["perplexity"] == other.json()["perplexity"]);
  CHECK(run({"perplexity", model, "--text", text.string(), "--bos", "1,2"}).status == 2);
}

TEST_CASE("generate --no-special continues the text alone") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "gpt2/lm");
  const auto ids = run({"tokenize", model, "a b", "--no-special", "--json"}).json()["ids"];
  std::string listed;
  for (const auto& id : ids) listed += (listed.empty() ? "" : ",") + id.dump();
  const auto plain = run({"generate", model, "a b", "--no-special", "--max-tokens", "4", "--json"});
  const auto by_ids = run({"generate", model, "--ids", listed, "--max-tokens", "4", "--json"});
  CHECK(plain.json()["ids"] == by_ids.json()["ids"]);
  CHECK(run({"generate", model, "--ids", "5", "--no-special"}).status == 2);
}

}  // namespace locus::tests
