#include <doctest/doctest.h>

#include <fstream>

#include "engine/weights.hpp"
#include "tests/support/paths.hpp"
#include "tests/tools/cli/command.hpp"

namespace locus::tests {
namespace {

namespace fs = std::filesystem;

std::string logits(const std::string& model, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"trace", model, "--ids", "5,6,7,8", "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run(arguments).json()["tensors"]["logits"]["values"].dump();
}

TEST_CASE("a converted model computes the same bits, in each form") {
  const std::vector<std::string> none, start{"--decoder-ids", "0"};
  const TemporaryFolder folder;
  for (const std::string name : {"gpt2/lm", "bert/lm", "t5/lm", "llama/lm"}) {
    CAPTURE(name);
    const auto model = golden_model(name);
    const auto expected = logits(model);  // the decoder of t5 begins with the config's token
    const std::string out = folder / name.substr(0, name.find('/'));
    CHECK(run({"convert", model, out + "-a"}).status == 0);
    CHECK(logits(out + "-a") == expected);
    CHECK(logits(out + "-a/locus.json") == expected);
    CHECK(run({"convert", model, out + "-b", "--weights", "json"}).status == 0);
    CHECK_FALSE(fs::exists(out + "-b/model.safetensors"));
    CHECK(logits(out + "-b") == expected);
    CHECK(run({"convert", model, out + "-c.json"}).status == 0);
    const bool has_decoder = name == "t5/lm";  // one file has no place for the config's ids
    CHECK(logits(out + "-c.json", has_decoder ? start : none) == expected);
    CHECK(run({"convert", out + "-a", out + "-d"}).status == 0);
    CHECK(logits(out + "-d") == expected);
    CHECK(run({"convert", model, out + "-e", "--format", "hf"}).status == 0);
    CHECK(logits(out + "-e") == expected);
  }
}

TEST_CASE("tokenizer and ids come along") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "gpt2/lm");
  const auto before = run({"generate", model, "the cat", "--json"}).json();
  CHECK(run({"convert", model, folder / "out"}).status == 0);
  const auto after = run({"generate", folder / "out", "the cat", "--json"}).json();
  CHECK(after["ids"] == before["ids"]);
  CHECK(after["text"] == before["text"]);
}

TEST_CASE("how a model continues texts comes along, and what a decoder reads of them") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "gpt2/lm");
  std::ofstream(model + "/generation_config.json")
      << R"({"num_beams": 3, "bad_words_ids": [[7], [9, 12]], "max_new_tokens": 9})";
  const auto before = run({"generate", model, "the cat", "--json"}).json();
  CHECK(run({"convert", model, folder / "out"}).status == 0);
  CHECK(run({"generate", folder / "out", "the cat", "--json"}).json()["ids"] == before["ids"]);
  const auto bart = golden_model("bart/sequence");
  CHECK(run({"convert", bart, folder / "bart"}).status == 0);
  const auto logits = [](const std::string& path) {
    const auto trace = run({"trace", path, "--ids", "5,9,2", "--json"}).json();
    return trace["tensors"]["logits"]["values"];
  };
  CHECK(logits(folder / "bart") == logits(bart));
}

TEST_CASE("weights are stored in the type that was asked for") {
  const TemporaryFolder folder;
  const auto model = golden_model("gpt2/lm");
  for (const auto& [name, type] :
       {std::pair{"f16", DataType::f16}, std::pair{"bf16", DataType::bf16}}) {
    const std::string out = folder / name;
    CHECK(run({"convert", model, out, "--type", name}).status == 0);
    const auto weights = open_safetensors(out + "/model.safetensors");
    for (const auto& weight : weights.names()) CHECK(weights.at(weight).type == type);
    CHECK(run({"convert", out, out + "-again"}).status == 0);  // keeps the type
    CHECK(read_text(out + "-again/model.safetensors").size() ==
          read_text(out + "/model.safetensors").size());
  }
}

TEST_CASE("a converted model keeps its swapped-in encoding and the weights that exist") {
  const TemporaryFolder folder;
  const auto model = golden_model("gpt2/lm");
  const auto report =
      run({"convert", model, folder / "out", "--encoding", "learned+alibi", "--json"}).json();
  CHECK_FALSE(report.contains("out.tmp"));
  const auto inspected = run({"inspect", folder / "out", "--json"}).json();
  CHECK(inspected["encoding"] == nlohmann::json::array({"learned+alibi"}));
  CHECK(logits(folder / "out") == logits(model, {"--encoding", "learned+alibi"}));
  CHECK(run({"convert", model, folder / "hf", "--format", "hf", "--encoding", "alibi"}).status ==
        2);
  CHECK_FALSE(fs::exists(folder / "hf"));
}

/// A folder of tests/goldens/formats, with the config of the tiny model that it is of.
std::string format_model(const TemporaryFolder& folder, const std::string& format) {
  const std::string name = format.substr(format.find('/') + 1);
  for (const auto& entry : fs::directory_iterator(golden_model("../formats/" + format))) {
    folder.write(name + "/" + entry.path().filename().string(), read_text(entry.path()));
  }
  if (format.starts_with("torch")) {
    folder.write(name + "/config.json", read_text(golden_model(name) + "/config.json"));
  }
  return folder / name;
}

TEST_CASE("weights of PyTorch and TensorFlow become safetensors that compute the same bits") {
  for (const auto& [each, described] :
       {std::pair{"torch/bert/pretraining", "PyTorch (zip)"},
        std::pair{"torch/nezha/pretraining", "PyTorch (legacy), 2 shards"},
        std::pair{"tensorflow/bert/pretraining", "TensorFlow checkpoint"},
        std::pair{"tensorflow/nezha/pretraining", "TensorFlow checkpoint"},
        std::pair{"tensorflow/roformer/narrow", "TensorFlow checkpoint"}}) {
    const std::string format = each;
    CAPTURE(format);
    const TemporaryFolder folder;
    const auto model = format_model(folder, format);
    const auto before = run({"inspect", model, "--json"}).json();
    CHECK(before["format"] == described);
    for (const char* kind : {"locus", "hf"}) {
      CAPTURE(kind);
      const std::string out = folder / kind;
      const auto result = run({"convert", model, out, "--format", kind});
      CAPTURE(result.err);
      REQUIRE(result.status == 0);
      CHECK(logits(out) == logits(model));
      const auto after = run({"inspect", out, "--json"}).json();
      CHECK(after["format"] == "safetensors");
      CHECK(after["family"] == before["family"]);
      CHECK(after["parameters"] == before["parameters"]);
      CHECK_FALSE(fs::exists(out + "/pytorch_model.bin"));
    }
  }
}

TEST_CASE("a converted folder has a config.json that says what the original left out") {
  const TemporaryFolder folder;
  const auto model = format_model(folder, "tensorflow/nezha/pretraining");
  CHECK(run({"convert", model, folder / "out", "--format", "hf"}).status == 0);
  const auto config = nlohmann::json::parse(read_text(folder / "out/config.json"));
  CHECK(config["model_type"] == "nezha");
  CHECK(config["max_relative_position"] == 9);
  const auto weights = open_safetensors(folder / "out/model.safetensors");
  CHECK(weights.at("nezha.encoder.layer.0.intermediate.dense.weight").shape == Shape{27, 20});
  CHECK(weights.contains("cls.seq_relationship.weight"));
  CHECK_FALSE(weights.contains("global_step"));
}

TEST_CASE("a folder with files is not replaced unless forced, and then if they are a model's") {
  const TemporaryFolder folder;
  const auto model = golden_model("gpt2/lm");
  folder.write("out/precious.txt", "data");
  const auto refused = run({"convert", model, folder / "out"});
  CHECK(refused.status == 1);
  CHECK(refused.err.find("--force") != std::string::npos);
  CHECK(read_text(folder / "out/precious.txt") == "data");
  const auto forced = run({"convert", model, folder / "out", "--force"});
  CHECK(forced.status == 1);
  CHECK(forced.err.find("precious.txt") != std::string::npos);
  CHECK(read_text(folder / "out/precious.txt") == "data");
  fs::remove(folder / "out/precious.txt");
  CHECK(run({"convert", model, folder / "out"}).status == 0);
  CHECK(run({"convert", model, folder / "out", "--force", "--format", "hf"}).status == 0);
  CHECK_FALSE(fs::exists(folder / "out/locus.json"));
  CHECK(fs::exists(folder / "out/config.json"));
  CHECK(folder.names() == std::vector<std::string>{"out"});
}

TEST_CASE("a model is not replaced by what it is converted to, nor is a folder that holds it") {
  const TemporaryFolder folder;
  fs::create_directories(folder / "models");
  fs::copy(golden_model("gpt2/lm"), folder / "models/gpt2", fs::copy_options::recursive);
  for (const char* out : {"models/gpt2", "models/gpt2/", "models", "."}) {
    const auto refused = run({"convert", folder / "models/gpt2", folder / out, "--force"});
    CAPTURE(out);
    CHECK(refused.status == 2);
    CHECK(refused.err.find("OUT: expected another ") != std::string::npos);
    CHECK(fs::exists(folder / "models/gpt2/config.json"));
  }
}

TEST_CASE("a converted llama2.c checkpoint reproduces the expected 200 greedy tokens") {
  const auto data = shared_path("data/models/stories260K");
  if (!data) return;
  const TemporaryFolder folder;
  const auto out = folder / "stories";
  const auto result = run({"convert", (*data / "stories260K.bin").string(), out});
  CAPTURE(result.err);
  REQUIRE(result.status == 0);
  const auto document =
      run({"generate", out, "--ids", "1", "--max-tokens", "200", "--json"}).json();
  auto expected = read_text(*data / "expected_greedy_200.txt");
  while (!expected.empty() && expected.back() == '\n') expected.pop_back();
  CHECK(document["text"].get<std::string>() == expected);
  CHECK(document["ids"].size() == 200);
}

}  // namespace
}  // namespace locus::tests
