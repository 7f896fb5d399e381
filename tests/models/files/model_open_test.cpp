// What Model::open refuses, and with which words.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "engine/locus_file.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {
namespace {

namespace fs = std::filesystem;

/// The message with which a changed folder is refused.
std::string refusal(TinyFolder folder, const std::function<void(TinyFolder&)>& change) {
  change(folder);
  const TemporaryFolder written;
  folder.save(written / "model");
  return failure_of([&] { Model::open(written / "model"); }, "opened");
}

std::string refusal_of_config(const std::string& name, const std::string& key,
                              const nlohmann::json& value) {
  return refusal(tiny(name), [&](TinyFolder& folder) { folder.config[key] = value; });
}

}  // namespace

TEST_CASE("contradictory and absurd configs are refused by key before anything is built") {
  struct Case {
    const char* model;
    const char* key;
    nlohmann::json value;
    const char* expected;
  };
  const std::vector<Case> cases = {
      {"bert/lm", "num_attention_heads", 7,
       "'hidden_size' to be a multiple of 'num_attention_heads' = 7, found 60"},
      {"bert/lm", "num_attention_heads", 0, "'num_attention_heads' to be a whole number from 1"},
      {"bert/lm", "num_attention_heads", -5, "found -5"},
      {"bert/lm", "num_hidden_layers", 1000000000,
       "'num_hidden_layers' to be a whole number from 1 to 4096, found 1000000000"},
      {"bert/lm", "num_hidden_layers", 18446744073709551615u, "found 18446744073709551615"},
      {"bert/lm", "hidden_size", "60", "'hidden_size' to be a whole number"},
      {"bert/lm", "hidden_size", 60.5, "found 60.5"},
      {"bert/lm", "hidden_act", "relu6x", "hidden_act: expected an activation of"},
      {"bert/lm", "position_embedding_type", "rotary",
       "'position_embedding_type' to be absolute, relative_key or relative_key_query, found "
       "'rotary'"},
      {"bert/lm", "layer_norm_eps", "small", "'layer_norm_eps' to be a number"},
      {"bert/lm", "is_decoder", 1, "'is_decoder' to be true or false"},
      {"bert/lm", "add_cross_attention", true, "'add_cross_attention' to be false, found true"},
      {"bert/lm", "model_type", "mamba", "'model_type' to be one of bert, nezha, roformer, "},
      {"bert/lm", "model_type", "mamba", ", found 'mamba'"},
      {"bert/lm", "architectures", {"BertForEverything"}, "'architectures' to be one of BertModel"},
      {"bert/lm", "vocab_size", 98,
       "bert.embeddings.word_embeddings.weight: expected [98, 60], found [97, 60]"},
      {"bert/lm", "hidden_size", 40, "expected [80, 40], found [80, 60]"},
      {"bert/lm", "num_hidden_layers", 3, "bert.encoder.layer.2."},
      {"bert/lm", "num_hidden_layers", 1, "bert.encoder.layer.1."},
      {"bert/lm", "intermediate_size", 66, "expected [66, 60], found [67, 60]"},
      {"gpt2/lm", "n_head", 7, "'n_embd' to be a multiple of 'n_head' = 7"},
      {"llama/lm", "num_key_value_heads", 4,
       "'num_attention_heads' to be a multiple of 'num_key_value_heads' = 4"},
      {"llama/lm", "rope_scaling", {{"rope_type", "spiral"}}, "'rope_type' to be one of"},
      {"llama/lm", "rope_scaling", {{"rope_type", "longrope"}}, "'short_factor' to be a list"},
      {"llama/lm", "rope_scaling", {{"rope_type", "yarn"}}, "'factor' to be a number, found none"},
      {"neox/lm", "rotary_pct", 2.0, "'rotary_pct'"},
      {"t5/lm", "feed_forward_proj", "gated-what", "feed_forward_proj: expected an activation of"},

      {"bert/answer", "architectures", {"BertForMultipleChoice"}, "bert.pooler.dense.weight"},
      {"bert/sequence", "problem_type", "ranking", "'problem_type' to be single_label"},
      {"roberta/lm", "max_position_embeddings", 2, "'max_position_embeddings' to be more than 2"},
      {"distilbert/lm", "is_decoder", true, "'is_decoder' to be false, found true"},
      {"albert/lm", "num_hidden_groups", 6, "'num_hidden_groups' to be a whole number from 1 to 5"},
      {"albert/tokens", "inner_group_num", 2, "'inner_group_num' to be 1 with relative positions"},
      {"mpnet/lm", "relative_attention_num_buckets", 16,
       "'relative_attention_num_buckets' to be 32, found 16"},
      {"electra/choice", "summary_type", "attn",
       "'summary_type' to be first, last, mean or cls_index"},
      {"gpt2/lm", "locus", {{"encoding", "wobble"}}, "wobble"},
      {"llama/lm", "partial_rotary_factor", 0.5, "'partial_rotary_factor' to be 1"},
      {"gpt/lm", "afn", "tanh", "'afn' to be one of gelu, relu, silu, swish, found 'tanh'"},
      {"bart/lm", "decoder_attention_heads", 7,
       "'d_model' to be a multiple of 'decoder_attention_heads' = 7"},
      {"bart/lm", "encoder_ffn_dim", 28, "expected [28, 20], found [27, 20]"},
      {"marian/lm", "decoder_layers", 2, "model.decoder.layers.1."},
      {"opt/lm", "word_embed_proj_dim", 14, "expected [97, 14], found [97, 20]"},
      {"umt5/lm", "num_decoder_layers", 1, "decoder.block.1."},
  };
  for (const Case& each : cases) {
    CAPTURE(each.key);
    CAPTURE(each.value.dump());
    const std::string message = refusal_of_config(each.model, each.key, each.value);
    CAPTURE(message);
    CHECK(message.find(each.expected) != std::string::npos);
    CHECK(message.find('\n') == std::string::npos);
  }
}

TEST_CASE("tables of distances and of sinusoids have the rows that the config asks for") {
  for (const auto& [each, name] :
       {std::pair{"bert/relative-key", "encoder.layer.0.attention.self.distance_embedding.weight"},
        {"roberta/relative", "encoder.layer.0.attention.self.distance_embedding.weight"},
        {"albert/tokens",
         "encoder.albert_layer_groups.0.albert_layers.0.attention.distance_embedding.weight"},
        {"roformer/lm", "encoder.embed_positions.weight"}}) {
    const std::string model = each, table = name;
    CAPTURE(model);
    const std::string message = refusal(tiny(model), [&](TinyFolder& folder) {
      std::erase_if(folder.tensors, [](const auto& tensor) {
        return tensor.first.ends_with("position_embeddings.weight");
      });
      if (model == "roformer/lm") folder.tensors["roformer." + table] = Tensor({80, 12});
      folder.config["max_position_embeddings"] = 1000;
    });
    CAPTURE(message);
    CHECK(message.find(table + ": expected [" + (model == "roformer/lm" ? "1000, " : "1999, ")) !=
          std::string::npos);
  }
}

TEST_CASE("a missing, a surplus and a misshapen weight are each named") {
  const std::string name = "bert.encoder.layer.1.output.dense.weight";
  CHECK(refusal(tiny("bert/lm"), [&](TinyFolder& folder) {
          folder.tensors.erase(name);
        }).starts_with(name + ": expected"));
  const std::string surplus = refusal(tiny("bert/lm"), [&](TinyFolder& folder) {
    folder.tensors["bert.encoder.layer.1.adapter.weight"] = Tensor({2, 2});
  });
  CHECK(surplus.starts_with("bert.encoder.layer.1.adapter.weight: expected"));
  const std::string misshapen = refusal(tiny("bert/lm"), [&](TinyFolder& folder) {
    folder.tensors[name] = Tensor({67, 60});
  });
  CHECK(misshapen.starts_with(name + ": expected [60, 67], found [67, 60]"));
}

TEST_CASE("weights that are not numbers are refused by name") {
  TinyFolder folder = tiny("gpt2/lm");
  const float mark = 12345.678f, nan = NAN;
  folder.tensors.at("transformer.ln_f.weight").values()[3] = mark;
  const TemporaryFolder written;
  folder.save(written / "model");
  std::string bytes = read_file(written / "model" / "model.safetensors");
  const size_t at = bytes.find(std::string(reinterpret_cast<const char*>(&mark), sizeof mark));
  REQUIRE(at != std::string::npos);
  bytes.replace(at, sizeof nan, reinterpret_cast<const char*>(&nan), sizeof nan);
  std::ofstream(written / "model" / "model.safetensors", std::ios::binary) << bytes;
  CHECK_THROWS_WITH_AS(Model::open(written / "model"),
                       doctest::Contains("transformer.ln_f.weight: expected"), Error);
}

TEST_CASE("a path without a model is refused in one line") {
  const TemporaryFolder temporary;
  const fs::path folder = temporary / "model";
  fs::create_directories(folder);
  CHECK_THROWS_WITH_AS(Model::open(folder / "absent"),
                       doctest::Contains("expected a model's folder or a locus.json file"), Error);
  CHECK_THROWS_WITH_AS(Model::open(folder),
                       doctest::Contains("expected a config.json or a locus.json, found neither"),
                       Error);
  std::ofstream(folder / "config.json") << tiny("bert/lm").config.dump();
  CHECK_THROWS_WITH_AS(
      Model::open(folder),
      doctest::Contains("expected a file model.safetensors, model.safetensors.index.json, "
                        "pytorch_model.bin, pytorch_model.bin.index.json, or a TensorFlow "
                        "checkpoint's .index, found none"),
      Error);
  std::ofstream(folder / "config.json") << "{\"model_type\": ";
  CHECK_THROWS_WITH_AS(Model::open(folder), doctest::Contains("config.json"), Error);
}

TEST_CASE("a locus.json of a model's graph and weights runs as the model does") {
  const TinyFolder tiny_t5 = tiny("t5/gated");
  const TemporaryFolder temporary;
  const fs::path folder = temporary / "model";
  fs::create_directories(folder);
  LocusFile contents;
  contents.graph = tiny_t5.build().spec;
  contents.weights = tiny_t5.weights();
  save_locus(folder / "locus.json", contents);
  const auto model = Model::open(folder);
  const Golden golden(golden_path("models/t5/gated/golden.safetensors"));
  CHECK(first_divergence(*model->graph(), golden, 1e-4) == "");
  CHECK(model->files().count("locus.json") == 1);
  CHECK(model->files().count("model.safetensors") == 1);
  CHECK(model->folder() == folder);
}

TEST_CASE("a model in shards equals the model in one file, and every shard is listed") {
  const TinyFolder whole = tiny("gpt2/lm");
  const TemporaryFolder temporary;
  const fs::path folder = temporary / "model";
  fs::create_directories(folder);
  std::map<std::string, Tensor> halves[2];
  nlohmann::json index;
  for (const auto& [name, tensor] : whole.tensors) {
    const int half = name.find(".h.1.") != std::string::npos;
    halves[half][name] = tensor.clone();
    index["weight_map"][name] = "part-" + std::to_string(half) + ".safetensors";
  }
  for (int half : {0, 1}) {
    save_safetensors(folder / ("part-" + std::to_string(half) + ".safetensors"), halves[half]);
  }
  std::ofstream(folder / "model.safetensors.index.json") << index.dump();
  std::ofstream(folder / "config.json") << whole.config.dump();
  const auto model = Model::open(folder);
  CHECK(model->files().size() == 4);
  const Golden golden(golden_path("models/gpt2/lm/golden.safetensors"));
  CHECK(first_divergence(*model->graph(), golden, 1e-4) == "");
}

TEST_CASE("special ids come from generation_config.json, then config.json, then the class") {
  TinyFolder gpt2 = tiny("gpt2/lm");
  gpt2.config["id2label"] = {{"0", "calm"}, {"1", "storm"}};
  const TemporaryFolder folder;
  gpt2.save(folder / "model");
  CHECK(Model::open(folder / "model")->special().bos == 1);
  CHECK(Model::open(folder / "model")->special().eos == 2);
  CHECK(Model::open(folder / "model")->labels() == std::vector<std::string>{"calm", "storm"});
  std::ofstream(folder / "model" / "generation_config.json") << R"({"eos_token_id": [5, 6]})";
  const ModelIds special = Model::open(folder / "model")->special();
  CHECK(special.bos == 1);
  CHECK(special.eos == 5);
  CHECK(special.all_eos == std::vector<int32_t>{5, 6});
  CHECK_FALSE(special.decoder_start.has_value());
  gpt2.config.erase("bos_token_id");  // the class default, 50256, is no id of this vocabulary
  gpt2.save(folder / "model");
  CHECK_FALSE(Model::open(folder / "model")->special().bos.has_value());
}

TEST_CASE("a model is found by its name in the folders of LOCUS_MODELS") {
  const std::string folders =
      golden_path("nowhere").string() + ":" + golden_path("models/gpt2").string();
  setenv("LOCUS_MODELS", folders.c_str(), 1);
  CHECK(find_model("lm") == golden_path("models/gpt2/lm"));
  CHECK_THROWS_WITH_AS(find_model("no-such-model"), doctest::Contains("nowhere"), Error);
  unsetenv("LOCUS_MODELS");
  const std::string program = fs::read_symlink("/proc/self/exe").parent_path();
  CHECK_THROWS_WITH_AS(find_model("no-such-model"),
                       ("no-such-model: expected a model in the current folder, in LOCUS_MODELS "
                        "(not set) or beside " +
                        program + ", found none")
                           .c_str(),
                       Error);
  CHECK(find_model(golden_path("models/gpt2/lm").string()) == golden_path("models/gpt2/lm"));
}

TEST_CASE("a folder holds a model by its config, the original BERT's or a locus.json") {
  CHECK(holds_model(golden_path("models/bert/lm")));
  CHECK(holds_model(golden_path("formats/tensorflow/bert/pretraining")));
  const TemporaryFolder folder;
  CHECK_FALSE(holds_model(folder.path()));
  folder.write("locus.json", "{}");
  CHECK(holds_model(folder.path()));
}

}  // namespace locus::tests
