// Encodings that BERT and GPT-2 were not made for, against the papers' formulas.
#include <doctest/doctest.h>

#include <filesystem>
#include <vector>

#include "models/model.hpp"
#include "tests/models/parity/cases.hpp"
#include "tests/models/parity/golden.hpp"

namespace locus::tests {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> encoding_goldens(const std::string& base) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(golden_path("encodings/" + base))) {
    files.push_back(entry.path());
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

TEST_CASE("BERT and GPT-2 with every exchanged encoding equal the papers' formulas to 1e-4") {
  for (const char* base : {"bert/bare", "gpt2/bare"}) {
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
  for (const char* base : {"bert/bare", "gpt2/bare"}) {
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

}  // namespace locus::tests
