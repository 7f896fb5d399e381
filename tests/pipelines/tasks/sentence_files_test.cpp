// What sentence-transformers 6.2 refuses of its folders is refused, and its less common keys act.
#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <map>

#include "base/json/values.hpp"
#include "engine/weights.hpp"
#include "pipelines/pipeline.hpp"
#include "pipelines/unread_keys.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests::sentence_files {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// A copy of a folder of 6.2.0 with one JSON file changed.
class Changed {
 public:
  Changed(const std::string& name, const std::string& file,
          const std::function<void(json&)>& change) {
    fs::copy(source_path("tests/goldens/sentences/6.2.0/" + name), model(),
             fs::copy_options::recursive);
    json content = json::parse(read_text(model() / file));
    change(content);
    folder_.write("model/" + file, content.dump());
  }

  fs::path model() const { return folder_ / "model"; }

  std::string refusal(const EmbedOptions& options = {}) const {
    return failure_of([&] { Pipeline::open(model().string()).embed("a", options); }, "embedded");
  }

 private:
  TemporaryFolder folder_;
};

TEST_CASE("a module's weights that its config does not ask for are refused") {
  const Changed dense("dense-tanh-gelu-identity-relu", "2_Dense/config.json",
                      [](json& config) { config["bias"] = false; });
  CHECK(dense.refusal() == (dense.model() / "2_Dense").string() +
                               ": expected no weights but those that its config.json asks for, "
                               "found 'linear.bias'");
  const Changed norm("layer-norm", "2_LayerNorm/config.json", [](json&) {});
  CHECK(norm.refusal() == "embedded");
  const fs::path file = norm.model() / "2_LayerNorm/model.safetensors";
  std::map<std::string, Tensor> weights;
  for (const char* name : {"norm.weight", "norm.bias", "norm.scale"}) {
    weights.emplace(name, Tensor(Shape{12}));
  }
  save_safetensors(file, weights);
  CHECK(norm.refusal().ends_with("found 'norm.scale'"));
}

TEST_CASE("modules without a pooling give no vector of a text unless a pooling is asked for") {
  const Changed folder("normalize", "modules.json", [](json& modules) { modules.erase(1); });
  CHECK(folder.refusal() == (folder.model() / "modules.json").string() +
                                ": expected a Pooling among the modules, or a pooling that is "
                                "asked for, found none");
  CHECK(folder.refusal({.pooling = Pooling::mean}) == "embedded");
}

TEST_CASE("a length among the tokenizer's arguments counts more than max_seq_length") {
  const std::string text = "the lamp was lit and the sea was dark and far away from here";
  const auto first = [&](const json& keys) {
    const Changed folder("pooling-mean", "sentence_bert_config.json",
                         [&](json& config) { config.update(keys); });
    CHECK(unread_sentence_keys(folder.model()).empty());
    return Pipeline::open(folder.model().string()).embed(text).values.front();
  };
  const json four = {{"model_max_length", 4}}, six = {{"model_max_length", 6}};
  CHECK(first({{"max_seq_length", 7}}) == doctest::Approx(-0.8047332));
  CHECK(first({{"max_seq_length", 7}, {"processor_kwargs", four}}) == doctest::Approx(-0.5779881));
  CHECK(first({{"tokenizer_args", four}, {"processor_kwargs", six}}) ==
        doctest::Approx(-0.5779881));
  CHECK(first({{"tokenizer_args", json::object()}, {"processor_kwargs", six}}) ==
        doctest::Approx(-0.9258882));
}

TEST_CASE("arguments of Python that change numbers are named") {
  const Changed folder("pooling-mean", "sentence_bert_config.json", [](json& config) {
    config["tokenizer_name_or_path"] = "/elsewhere";
    config["model_kwargs"] = {{"dtype", "float32"}, {"variant", "fp16"}};
    config["processor_kwargs"] = {{"padding_side", "left"}, {"do_lower_case", true}};
    config["config_args"] = {{"revision", "x"}, {"num_hidden_layers", 1}};
  });
  std::vector<std::string> keys;
  for (const UnreadKey& each : unread_sentence_keys(folder.model())) keys.push_back(each.key);
  CHECK(keys == std::vector<std::string>{"config_args.num_hidden_layers", "model_kwargs.variant",
                                         "processor_kwargs.do_lower_case",
                                         "tokenizer_name_or_path"});
}

}  // namespace
}  // namespace locus::tests::sentence_files
