#include "engine/graph/node_checks.hpp"

#include <string>
#include <vector>

#include "base/error.hpp"
#include "engine/layers/kinds.hpp"

namespace locus::graph {
namespace {

// Far beyond any model.
constexpr size_t max_nodes = size_t{1} << 16, max_encodings = size_t{1} << 12, max_links = 64;

void expect_at_max(const std::string& what, size_t count, size_t max) {
  if (count <= max) return;
  throw Error("graph", "at most " + std::to_string(max) + " " + what, std::to_string(count));
}

}  // namespace

void check_counts(const GraphSpec& spec) {
  expect_at_max("nodes", spec.nodes.size(), max_nodes);
  expect_at_max("encodings", spec.encodings.size(), max_encodings);
  for (const auto& [name, encoding] : spec.encodings) {
    expect_at_max("links in the chain of encoding '" + name + "'", encoding.chain.size(),
                  max_links);
  }
}

void check_graph_input(const NodeSpec& node) {
  const std::string& input = node.inputs[0];
  if (input != "ids" && input != "type_ids" && input != "decoder_ids") {
    throw Error(node.name, "an input of ids, type_ids or decoder_ids", "'" + input + "'");
  }
}

bool fusible(const NodeSpec& add, const NodeSpec& norm) {
  return layers::kind_of(add).sums && layers::kind_of(norm).make_after_sum &&
         norm.inputs == std::vector{add.name};
}

}  // namespace locus::graph
