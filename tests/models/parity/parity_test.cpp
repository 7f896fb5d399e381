// Every node of every tiny model against the reference's values.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/read_file.hpp"
#include "models/model.hpp"
#include "tests/models/parity/cases.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/support/paths.hpp"

namespace locus::tests {
namespace fs = std::filesystem;

TEST_CASE("every node of every tiny model equals the reference to 1e-4") {
  for (const TinyCase& each : tiny_cases) {
    CAPTURE(each.name);
    const fs::path folder = folder_of(each.name);
    const auto model = Model::open(folder);
    const Golden golden(folder / "golden.safetensors");
    CHECK(golden.nodes.size() == each.nodes);
    CHECK(first_divergence(*model->graph(), golden, tolerance) == "");
  }
}

TEST_CASE("every folder of goldens is in the table") {
  CHECK(model_folders("models").size() == tiny_cases.size());
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
  for (const TinyCase& each : tiny_cases) {
    const auto model = Model::open(folder_of(each.name));
    differences[each.name] = largest_difference(*model->graph(), golden_of(each.name));
  }
  for (const fs::path& folder : openable_folders({"models5"})) {
    const auto model = Model::open(folder);
    const Golden golden(folder / "golden.safetensors");
    differences["models5/" + model_name(folder)] = largest_difference(*model->graph(), golden);
  }
  std::ofstream(file) << differences.dump(1) << "\n";
}

TEST_CASE("greedy decoding with caches gives the reference's 24 ids") {
  int compared = 0;
  for (const TinyCase& each : tiny_cases) {
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
