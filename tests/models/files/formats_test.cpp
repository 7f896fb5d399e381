// Folders whose weights are PyTorch's or TensorFlow's.
#include <doctest/doctest.h>

#include <fstream>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "engine/weights/storage.hpp"
#include "engine/weights/strided.hpp"
#include "models/files/tensorflow_names.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {
namespace {

namespace fs = std::filesystem;

/// Files of tests/goldens/formats and the config of the tiny model that they are of.
void copy_format(const TemporaryFolder& folder, const std::string& format) {
  for (const auto& entry : fs::directory_iterator(golden_path("formats/" + format))) {
    fs::copy_file(entry.path(), folder / entry.path().filename().string());
  }
}

void copy_of_model(const TemporaryFolder& folder, const std::string& model,
                   const std::string& file) {
  fs::copy_file(golden_path("models/" + model + "/" + file), folder / file);
}

std::string divergence(const Model& model, const std::string& name) {
  Golden golden = golden_of(name);
  if (model.spec().task == "masked-lm" && model.spec().outputs.count("pooler_output") == 0) {
    std::erase_if(golden.nodes,
                  [](const auto& node) { return node.first.find("pooler") != node.first.npos; });
  }
  return first_divergence(*model.graph(), golden, tolerance);
}

std::string refusal(const TemporaryFolder& folder) {
  return folder.message([&] { Model::open(folder.path()); });
}

Weights weights_named(const std::vector<std::string>& names) {
  Weights weights;
  for (const std::string& name : names) weights.add(name, Tensor({2, 3}));
  return weights;
}

/// The same weights, every matrix with its columns one after the other.
Weights by_columns(const TinyFolder& folder) {
  Weights turned, seen;
  for (const auto& [name, tensor] : folder.tensors) {
    if (tensor.shape().size() != 2) {
      seen.add(name, tensor.clone());
      continue;
    }
    const int64_t rows = tensor.shape()[0], columns = tensor.shape()[1];
    Tensor other({columns, rows});
    for (int64_t i = 0; i < rows * columns; ++i) {
      other.data()[i % columns * rows + i / columns] = tensor.data()[i];
    }
    turned.add(name, std::move(other));
    WeightsAccess::insert(seen, name, transposed(name, turned.at(name)),
                          WeightsAccess::owner(turned, name));
  }
  return seen;
}

}  // namespace

TEST_CASE("a model whose matrices all lie in columns computes the same, tables and heads too") {
  for (const std::string name : {"bert/lm", "gpt2/lm", "t5/lm", "neox/lm", "roformer/narrow"}) {
    CAPTURE(name);
    const TinyFolder folder = tiny(name);
    const Weights weights = by_columns(folder);
    const Graph graph(folder.build().spec, weights);
    CHECK(first_divergence(graph, golden_of(name), tolerance) == "");
  }
}

TEST_CASE("a pytorch_model.bin computes what the safetensors of the same model do") {
  const TemporaryFolder folder;
  copy_format(folder, "torch/bert/pretraining");
  copy_of_model(folder, "bert/pretraining", "config.json");
  const auto model = Model::open(folder.path());
  CHECK(divergence(*model, "bert/pretraining") == "");
  CHECK(model->format() == "PyTorch (zip)");
  CHECK(model->files().count("pytorch_model.bin") == 1);
}

TEST_CASE("a pytorch_model.bin of the older form, in shards, is the same model, its files listed") {
  const TemporaryFolder folder;
  copy_format(folder, "torch/nezha/pretraining");
  copy_of_model(folder, "nezha/pretraining", "config.json");
  const auto model = Model::open(folder.path());
  CHECK(divergence(*model, "nezha/pretraining") == "");
  CHECK(model->format() == "PyTorch (legacy), 2 shards");
  CHECK(model->files().size() == 4);
}

TEST_CASE("of several kinds of weights the first in transformers' order counts") {
  const TemporaryFolder folder;
  copy_format(folder, "torch/bert/pretraining");
  copy_format(folder, "tensorflow/bert/pretraining");
  copy_of_model(folder, "bert/pretraining", "config.json");
  const auto format = [&] { return Model::open(folder.path())->format(); };
  folder.write("pytorch_model.bin.index.json", "not read");
  CHECK(format() == "PyTorch (zip)");
  const TinyFolder tiny_bert = tiny("bert/pretraining");
  save_safetensors(folder / "part.safetensors", tiny_bert.tensors);
  nlohmann::json index;
  for (const auto& [name, tensor] : tiny_bert.tensors)
    index["weight_map"][name] = "part.safetensors";
  folder.write("model.safetensors.index.json", index.dump());
  CHECK(format() == "safetensors, 1 shards");
  copy_of_model(folder, "bert/pretraining", "model.safetensors");
  CHECK(format() == "safetensors");
  for (const char* name : {"model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
                           "pytorch_model.bin.index.json"}) {
    fs::remove(folder / name);
  }
  CHECK(format() == "TensorFlow checkpoint");
}

TEST_CASE("checkpoints of the original BERT, NEZHA and RoFormer compute what transformers does") {
  for (const std::string name : {"bert/pretraining", "nezha/pretraining", "roformer/narrow"}) {
    CAPTURE(name);
    const TemporaryFolder folder;
    copy_format(folder, "tensorflow/" + name);
    const auto original = Model::open(folder.path());
    CHECK(original->spec().family == name.substr(0, name.find('/')));
    CHECK(original->spec().task == "masked-lm");
    CHECK(divergence(*original, name) == "");
    CHECK(original->files().count("bert_config.json") == 1);
    CHECK(original->files().count("bert_model.ckpt.index") == 1);
    copy_of_model(folder, name, "config.json");
    const auto named = Model::open(folder.path());
    CHECK(divergence(*named, name) == "");
    CHECK(named->files().count("bert_config.json") == 0);
  }
}

TEST_CASE("variables of TensorFlow have transformers' names, kernels transposed") {
  const Config config = Config::parse("c", R"({"model_type": "nezha"})");
  const Weights weights = files::name_tensorflow_variables(
      config, weights_named(
                  {"bert/embeddings/word_embeddings", "bert/embeddings/LayerNorm/gamma",
                   "bert/encoder/layer_11/attention/self/query/kernel",
                   "bert/encoder/embedding_hidden_mapping_in/bias", "bert/pooler/dense/bias",
                   "cls/predictions/output_bias", "cls/predictions/transform/LayerNorm/beta",
                   "cls/seq_relationship/output_weights", "cls/squad/output_weights",
                   "output_weights", "output_bias", "global_step", "bert/pooler/dense/bias/adam_m",
                   "bert/pooler/dense/kernel/Adam_1", "beta1_power", "something/layer_x/table"}));
  const std::vector<std::string> expected{"classifier.bias",
                                          "classifier.weight",
                                          "cls.predictions.bias",
                                          "cls.predictions.transform.LayerNorm.bias",
                                          "cls.seq_relationship.weight",
                                          "nezha.embeddings.LayerNorm.weight",
                                          "nezha.embeddings.word_embeddings.weight",
                                          "nezha.embeddings_project.bias",
                                          "nezha.encoder.layer.11.attention.self.query.weight",
                                          "nezha.pooler.dense.bias",
                                          "qa_outputs.weight",
                                          "something.layer_x.table"};
  CHECK(weights.names() == expected);
  CHECK(weights.at("cls.seq_relationship.weight").shape == Shape{2, 3});
  const std::string query = "nezha.encoder.layer.11.attention.self.query.weight";
  CHECK(weights.at(query).shape == Shape{3, 2});
  CHECK(weights.at(query).strides == std::vector<int64_t>{1, 3});
}

TEST_CASE("a config of the original form belongs to the family that its checkpoint tells") {
  const auto type = [](const char* config, const std::vector<std::string>& names) {
    const Weights weights = weights_named(names);
    return files::complete_original_config(Config::parse("c", config), weights)
        .text("model_type", "");
  };
  const std::string positions = "bert/embeddings/position_embeddings", words = "bert/embeddings/w",
                    norm = "bert/embeddings/LayerNorm/beta";
  CHECK(type("{}", {positions, norm}) == "bert");
  CHECK(type("{}", {words, norm}) == "roformer");
  CHECK(type(R"({"use_relative_position": true})", {words, norm}) == "nezha");
  CHECK(type(R"({"use_relative_position": false})", {positions}) == "bert");
  CHECK(type(R"({"model_type": "electra"})", {positions}) == "electra");
  const Config second =
      files::complete_original_config(Config::parse("c", "{}"), weights_named({words}));
  CHECK(second.text("model_type", "") == "roformer");
  CHECK(second.text("norm_type", "") == "rms_norm");
  CHECK_FALSE(second.boolean("use_bias", true));
}

TEST_CASE("a checkpoint that is not the config's is refused in one line") {
  const TemporaryFolder folder;
  copy_format(folder, "tensorflow/roformer/narrow");
  const std::string config = read_text(folder / "bert_config.json");
  folder.write("config.json", R"({"model_type": "gpt2"})");
  CHECK(refusal(folder) ==
        "config.json: expected 'model_type' to be bert, nezha or roformer for a TensorFlow "
        "checkpoint, found 'gpt2'");
  fs::remove(folder / "config.json");
  folder.write("second.ckpt.index", "");
  CHECK(refusal(folder).ends_with(
      "expected one TensorFlow checkpoint, found 2, as bert_model.ckpt.index and "
      "second.ckpt.index"));
  fs::remove(folder / "second.ckpt.index");
  folder.write("bert_config.json", nlohmann::json::parse(config)
                                       .patch(nlohmann::json::parse(
                                           R"([{"op": "replace", "path": "/num_hidden_layers",
                                            "value": 1}])"))
                                       .dump());
  CHECK(refusal(folder).starts_with("roformer.encoder.layer.1."));
  fs::remove(folder / "bert_model.ckpt.data-00000-of-00001");
  CHECK(refusal(folder).starts_with("bert_model.ckpt.data-00000-of-00001: expected a readable"));
}

TEST_CASE("a value that changed in a checkpoint is found when the model is opened") {
  for (const size_t place : {size_t{0}, size_t{9999}, size_t{20000}}) {
    const TemporaryFolder folder;
    copy_format(folder, "tensorflow/roformer/narrow");
    const std::string name = "bert_model.ckpt.data-00000-of-00001";
    std::string bytes = read_text(folder / name);
    bytes[place] = static_cast<char>(bytes[place] ^ 1);
    folder.write(name, bytes);
    CHECK(refusal(folder).find("expected bytes that have the stored checksum, found others") !=
          std::string::npos);
  }
}

}  // namespace locus::tests
