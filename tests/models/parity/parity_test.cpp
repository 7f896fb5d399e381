// Every node of every tiny model against the reference's values.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include "base/read_file.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/support/paths.hpp"

namespace locus::tests {
namespace {

namespace fs = std::filesystem;

/// A tiny model and how many nodes are compared, so that none is left out unseen.
struct Case {
  const char* name;
  size_t nodes;
};

const std::vector<Case> cases = {
    {"bert", 21},
    {"bert-bare", 19},
    {"bert-pretraining", 23},
    {"bert-relative-key", 19},
    {"bert-relative-key-query", 19},
    {"bert-causal", 21},
    {"nezha", 21},
    {"nezha-bare", 19},
    {"roformer", 21},
    {"roformer-narrow", 22},
    {"roformer-bare", 17},
    {"roformer-causal", 21},
    {"t5", 29},
    {"t5-gated", 29},
    {"t5-encoder", 15},
    {"t5-bare", 36},
    {"gpt2", 17},
    {"gpt2-bare", 15},
    {"gpt2-scaled", 17},
    {"llama", 17},
    {"llama-biased", 17},
    {"llama-linear", 17},
    {"llama-dynamic", 17},
    {"llama-yarn", 17},
    {"llama-3", 17},
    {"neox", 17},
    {"neox-parallel", 17},
    {"bert-next-sentence", 14},
    {"bert-sequence", 20},
    {"bert-choice", 14},
    {"bert-tokens", 12},
    {"bert-answer", 13},
    {"nezha-pretraining", 17},
    {"nezha-next-sentence", 14},
    {"nezha-sequence", 14},
    {"nezha-choice", 14},
    {"nezha-tokens", 12},
    {"nezha-answer", 13},
    {"roformer-sequence", 14},
    {"roformer-choice", 14},
    {"roformer-tokens", 12},
    {"roformer-answer", 13},
    {"roformer-causal-values", 15},
    {"roberta", 21},
    {"roberta-bare", 19},
    {"roberta-padding", 12},
    {"roberta-relative", 14},
    {"roberta-causal", 21},
    {"roberta-answer", 13},
    {"xlm-roberta", 15},
    {"xlm-roberta-choice", 14},
    {"camembert", 15},
    {"camembert-sequence", 14},
    {"distilbert", 19},
    {"distilbert-sinusoidal", 15},
    {"distilbert-sequence", 12},
    {"distilbert-choice", 12},
    {"distilbert-tokens", 10},
    {"distilbert-answer", 11},
    {"electra-generator", 22},
    {"electra-discriminator", 14},
    {"electra-bare", 11},
    {"electra-sequence", 15},
    {"electra-choice", 15},
    {"electra-tokens", 13},
    {"electra-answer", 14},
    {"electra-causal", 22},
    {"albert", 40},
    {"albert-bare", 44},
    {"albert-pretraining", 42},
    {"albert-sequence", 21},
    {"albert-choice", 21},
    {"albert-tokens", 25},
    {"albert-answer", 20},
    {"mpnet", 19},
    {"mpnet-bare", 17},
    {"mpnet-sequence", 12},
    {"mpnet-choice", 12},
    {"mpnet-tokens", 10},
    {"mpnet-answer", 11},
    {"deberta", 15},
    {"deberta-bare", 15},
    {"deberta-sequence", 12},
    {"deberta-tokens", 13},
    {"deberta-answer", 11},
    {"deberta-new-head", 13},
    {"deberta-v2", 22},
    {"deberta-v2-bare", 17},
    {"deberta-v2-narrow", 14},
    {"deberta-v2-new-head", 13},
    {"deberta-v2-sequence", 15},
    {"deberta-v2-choice", 12},
    {"deberta-v2-tokens", 10},
    {"deberta-v2-answer", 14},
    {"modernbert", 19},
    {"modernbert-bare", 27},
    {"modernbert-biased", 19},
    {"modernbert-sequence", 19},
    {"modernbert-first", 13},
    {"modernbert-tokens", 12},
    {"roformer-v2", 13},
    {"roformer-v2-bare", 18},
    {"roformer-v2-untied", 13},
    {"roformer-v2-sequence", 14},
    {"roformer-v2-choice", 13},
    {"roformer-v2-tokens", 12},
    {"roformer-v2-answer", 13},
    {"mistral", 17},
    {"mistral-open", 15},
    {"qwen2", 17},
    {"qwen2-sliding", 17},
    {"gpt", 10},
    {"gpt-bare", 8},
    {"gpt-neo", 17},
    {"gpt-neo-bare", 15},
    {"gptj", 10},
    {"gptj-bare", 8},
    {"neox-dynamic", 11},
    {"neox-yarn", 9},
    {"xglm", 11},
    {"xglm-bare", 9},
    {"opt", 11},
    {"opt-post-norm", 12},
    {"opt-bare", 11},
    {"opt-headless-norm", 10},
    {"bloom", 12},
    {"bloom-bare", 10},
    {"mpt", 11},
    {"mpt-clipped", 11},
    {"mpt-bare", 9},
    {"bart", 29},
    {"bart-bare", 21},
    {"mbart", 25},
    {"mbart-bare", 23},
    {"marian", 21},
    {"marian-two-tables", 21},
    {"marian-bare", 19},
    {"pegasus", 23},
    {"pegasus-bare", 21},
    {"mt5", 23},
    {"umt5", 38},
    {"umt5-encoder", 15},
    {"transformer", 27},
    {"transfo-xl", 29},
    {"transfo-xl-segments", 23},
    {"transfo-xl-flat", 17},
    {"transfo-xl-bare", 8},
    {"bart-answer", 23},
    {"bart-decoder", 11},
    {"bart-sequence", 24},
    {"gpt-sequence", 10},
    {"gpt2-answer", 11},
    {"gpt2-sequence", 11},
    {"gpt2-tokens", 10},
    {"llama-answer", 11},
    {"llama-sequence", 11},
    {"llama-tokens", 10},
    {"marian-decoder", 10},
    {"mistral-answer", 11},
    {"mpt-tokens", 10},
    {"neox-tokens", 10},
    {"opt-sequence", 13},
    {"t5-sequence", 24},
    {"t5-tokens", 10},
    {"umt5-answer", 23},
    {"roberta-choice", 14},
    {"xlm-roberta-bare", 13},
    {"xlm-roberta-causal", 15},
    {"xlm-roberta-sequence", 14},
    {"xlm-roberta-tokens", 12},
    {"xlm-roberta-answer", 13},
    {"camembert-bare", 13},
    {"camembert-causal", 15},
    {"camembert-choice", 14},
    {"camembert-tokens", 12},
    {"camembert-answer", 13},
    {"t5-answer", 23},
    {"mt5-bare", 21},
    {"mt5-encoder", 9},
    {"mt5-sequence", 24},
    {"mt5-tokens", 10},
    {"mt5-answer", 23},
    {"umt5-bare", 21},
    {"umt5-sequence", 24},
    {"umt5-tokens", 10},
    {"mbart-sequence", 26},
    {"mbart-answer", 25},
    {"mbart-decoder", 12},
    {"pegasus-decoder", 11},
    {"gpt2-double", 13},
    {"gpt-double", 12},
    {"llama-bare", 9},
    {"mistral-sequence", 11},
    {"mistral-tokens", 10},
    {"qwen2-bare", 9},
    {"qwen2-sequence", 11},
    {"qwen2-tokens", 10},
    {"qwen2-answer", 11},
    {"gpt-neo-sequence", 11},
    {"gpt-neo-tokens", 10},
    {"gpt-neo-answer", 11},
    {"gptj-sequence", 10},
    {"gptj-answer", 10},
    {"opt-answer", 11},
    {"bloom-sequence", 12},
    {"bloom-tokens", 11},
    {"bloom-answer", 12},
    {"mpt-sequence", 11},
    {"mpt-answer", 11},
    {"transfo-xl-sequence", 17},
    {"neox-sequence", 11},
    {"neox-answer", 11},
    {"swin-bare", 53},
    {"swin", 35},
    {"swin-absolute", 23},
    {"feature-encoder", 16},
};

fs::path folder_of(const std::string& name) { return golden_path("models/" + name); }

std::vector<fs::path> encoding_goldens(const std::string& base) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(golden_path("encodings"))) {
    if (entry.path().filename().string().starts_with(base + ".")) files.push_back(entry.path());
  }
  return files;
}

/// The golden of an exchanged encoding, with what its base has in common with it.
Golden read_exchanged(const fs::path& file) {
  Golden golden(file);
  Golden base(folder_of(golden.metadata.at("base")) / "golden.safetensors");
  golden.inputs = std::move(base.inputs);
  golden.nodes.merge(base.nodes);
  return golden;
}

/// The base with the golden's encoding and weights in its config and file.
TinyFolder exchange(const Golden& golden) {
  TinyFolder folder(folder_of(golden.metadata.at("base")));
  folder.config["locus"]["encoding"] = golden.metadata.at("encoding");
  const bool bert = folder.config.at("model_type") == "bert";
  const std::string at = bert ? "bert.embeddings.position." : "transformer.position.";
  for (const auto& [name, tensor] : golden.weights) folder.tensors[at + name] = tensor.clone();
  return folder;
}

}  // namespace

TEST_CASE("every node of every tiny model equals the reference to 1e-4") {
  for (const Case& each : cases) {
    CAPTURE(each.name);
    const fs::path folder = folder_of(each.name);
    const auto model = Model::open(folder);
    const Golden golden(folder / "golden.safetensors");
    CHECK(golden.nodes.size() == each.nodes);
    CHECK(first_divergence(*model->graph(), golden, tolerance) == "");
  }
}

TEST_CASE("every folder of goldens is in the table") {
  size_t folders = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(golden_path("models")))
    ++folders;
  CHECK(folders == cases.size());
}

TEST_CASE("the page of models names every family, and every class that a golden has") {
  const std::string page = read_file(source_path("docs/models.md"));
  for (const families::Family& family : families::registered()) {
    CAPTURE(family.model_type);
    CHECK(page.find("`" + family.model_type + "`") != std::string::npos);
  }
  for (const fs::path& folder : openable_folders({"models", "models5"})) {
    for (const auto& name : TinyFolder(folder).config.value("architectures", nlohmann::json())) {
      CAPTURE(name);
      CHECK(page.find(name.get<std::string>()) != std::string::npos);
    }
  }
}

// What tools/golden/models_page.py makes docs/models.md of, where LOCUS_PARITY names a file.
TEST_CASE("differences from the reference are written down where they are asked for") {
  const char* file = std::getenv("LOCUS_PARITY");
  if (!file) return;
  nlohmann::json differences;
  for (const Case& each : cases) {
    const auto model = Model::open(folder_of(each.name));
    differences[each.name] = largest_difference(*model->graph(), golden_of(each.name));
  }
  for (const fs::path& folder : openable_folders({"models5"})) {
    const auto model = Model::open(folder);
    const Golden golden(folder / "golden.safetensors");
    differences["models5/" + folder.filename().string()] =
        largest_difference(*model->graph(), golden);
  }
  std::ofstream(file) << differences.dump(1) << "\n";
}

TEST_CASE("BERT and GPT-2 with every exchanged encoding equal the papers' formulas to 1e-4") {
  for (const char* base : {"bert-bare", "gpt2-bare"}) {
    const std::vector<fs::path> files = encoding_goldens(base);
    CHECK(files.size() == 22);
    for (const fs::path& file : files) {
      CAPTURE(file.filename().string());
      const Golden golden = read_exchanged(file);
      CHECK(first_divergence(*exchange(golden).compile(), golden, tolerance) == "");
    }
  }
}

TEST_CASE("an encoding without weights that is exchanged at opening equals the same goldens") {
  int compared = 0;
  for (const char* base : {"bert-bare", "gpt2-bare"}) {
    for (const fs::path& file : encoding_goldens(base)) {
      CAPTURE(file.filename().string());
      const Golden golden = read_exchanged(file);
      if (!golden.weights.empty()) continue;
      ModelOptions options;
      options.encoding = golden.metadata.at("encoding");
      const auto model = Model::open(folder_of(base), options);
      CHECK(first_divergence(*model->graph(), golden, tolerance) == "");
      CHECK_FALSE(model->graph()->untrained());
      ++compared;
    }
  }
  CHECK(compared == 26);
}

TEST_CASE("greedy decoding with caches gives the reference's 24 ids") {
  int compared = 0;
  for (const Case& each : cases) {
    CAPTURE(each.name);
    const Golden golden(folder_of(each.name) / "golden.safetensors");
    if (golden.continuation.empty()) continue;
    const auto model = Model::open(folder_of(each.name));
    CHECK(golden.continuation.size() == 24);
    CHECK(decode_greedily(model->graph(), golden) == golden.continuation);
    ++compared;
  }
  CHECK(compared == 40);
}

}  // namespace locus::tests
