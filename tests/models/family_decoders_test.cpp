// Facts about decoders that a nearly right implementation gets wrong.
#include <doctest/doctest.h>

#include "golden.hpp"

namespace locus::tests {
namespace {

/// Keys that a query of the node sees to its left, itself included; 0: all.
int64_t window(const GraphSpec& spec, const std::string& name) {
  const NodeSpec& node = spec.node(name);
  if (node.attributes.text(name, "visibility") == "causal") return 0;
  CHECK(node.attributes.integer(name, "right") == 0);
  return node.attributes.integer(name, "left") + 1;
}

}  // namespace

TEST_CASE("Qwen2's window counts where it is in use, from max_window_layers on (X-6)") {
  TinyFolder folder = tiny("qwen2");
  const std::string first = "model.layers.0.self_attn.o_proj",
                    second = "model.layers.1.self_attn.o_proj";
  folder.config["sliding_window"] = 7;
  folder.config["max_window_layers"] = 1;
  CHECK(window(folder.build().spec, second) == 0);
  folder.config["use_sliding_window"] = true;
  CHECK(window(folder.build().spec, first) == 0);
  CHECK(window(folder.build().spec, second) == 7);
  folder.config.erase("max_window_layers");
  CHECK(window(folder.build().spec, second) == 0);
}

TEST_CASE(
    "Mistral's window is 4096 keys where the config says nothing, and none where it says null") {
  TinyFolder folder = tiny("mistral");
  const std::string node = "model.layers.1.self_attn.o_proj";
  CHECK(window(folder.build().spec, node) == 11);
  folder.config.erase("sliding_window");
  CHECK(window(folder.build().spec, node) == 4096);
  folder.config["sliding_window"] = nullptr;
  CHECK(window(folder.build().spec, node) == 0);
}

}  // namespace locus::tests
