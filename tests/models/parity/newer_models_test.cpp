// Tiny models as transformers 5 saves them, against its own values.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "base/json/values.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"

namespace locus::tests {
namespace {

namespace fs = std::filesystem;

/// Whether cached keys hold for texts of any length: LongRoPE's and dynamic NTK's do not.
bool steps_equal_one_pass(const GraphSpec& spec) {
  return std::ranges::all_of(spec.encodings, [](const auto& each) {
    return each.second.chain.empty() || traits_of(each.second.chain).stepwise;
  });
}

}  // namespace

TEST_CASE("every node of every model that transformers 5 saved equals its value to 1e-4") {
  const std::vector<fs::path> folders = openable_folders({"models5"});
  CHECK(folders.size() >= 135);
  for (const fs::path& folder : folders) {
    CAPTURE(model_name(folder));
    const auto model = Model::open(folder);
    const Golden golden(folder / "golden.safetensors");
    CHECK(golden.nodes.size() >= 5);
    CHECK(first_divergence(*model->graph(), golden, tolerance) == "");
    if (!golden.prompt.empty() && steps_equal_one_pass(model->graph()->spec())) {
      CHECK(decode_greedily(model->graph(), golden) == golden.continuation);
    }
  }
}

}  // namespace locus::tests
