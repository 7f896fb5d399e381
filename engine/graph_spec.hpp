// A model as data: named layer nodes, a table of encodings, and where their weights lie.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "attributes.hpp"
#include "scheme.hpp"
#include "tensor.hpp"
#include "weights.hpp"

namespace locus {

/// An encoding that position and attention nodes refer to by name: a chain of schemes.
struct EncodingSpec {
  std::vector<SchemeChoice> chain;  ///< empty: none
  /// Weights by scheme-local name (`table`, `keys`, ...), `1.table` for the second link of a chain.
  /// A weight that is absent starts from a seeded initial state.
  std::map<std::string, WeightRef> weights;
  bool operator==(const EncodingSpec&) const = default;
};

/// One layer. Its output is a matrix [rows, width], a row for each token of its stream.
struct NodeSpec {
  std::string name;  ///< as the reference implementation names the module whose output this is
  std::string
      kind;  ///< embedding, position, norm, attention, feed_forward, linear, convolution, add, ...
  std::vector<std::string> inputs = {};
  Attributes attributes = {};
  std::map<std::string, WeightRef> weights = {};
  std::string encoding =
      {};  ///< position and attention: a name in `GraphSpec::encodings`; empty: none
  bool operator==(const NodeSpec&) const = default;
};

/// A model as data. docs/node-kinds.md says what a node of each kind takes: inputs, attributes with
/// their bounds, and weights.
///
/// `GraphSpec::outputs` names what results mean: last_hidden_state, pooler_output, logits,
/// encoder_last_hidden_state -> node names.
struct GraphSpec {
  std::string family;           ///< bert, roformer, t5, gpt2, llama, gpt_neox, ...
  std::string task;             ///< masked-lm, causal-lm, encoder, sequence-to-sequence, ...
  int64_t width = 0;            ///< D, as attention nodes have it (0: not said)
  int64_t context = 0;          ///< positions that the model was made for (0: no limit of its own)
  int64_t trained_context = 0;  ///< positions that it was trained on, where known
  std::vector<NodeSpec> nodes;  ///< in order of computation
  std::map<std::string, EncodingSpec> encodings;
  std::map<std::string, std::string> outputs;
  bool operator==(const GraphSpec&) const = default;

  const NodeSpec& node(std::string_view name) const;  ///< throws Error for an unknown name
};

/// The JSON form. `parse_graph_spec(to_json(spec)) == spec`. Throws Error that says where.
std::string to_json(const GraphSpec& spec);
GraphSpec parse_graph_spec(std::string_view who, std::string_view json,
                           std::span<const Scheme> own = {});
/// A drawing of the graph in Graphviz's language.
std::string to_dot(const GraphSpec& spec);
/// The drawing with `labels` by node name at the edges that leave the node: `[T, 768]`.
std::string to_dot(const GraphSpec& spec, const std::map<std::string, std::string>& labels);

/// The graph with every encoding replaced by `encoding` (`alibi`, `rope:base=1000+alibi`);
/// cross-attention still has none. A scheme that continues one of the graph's (`hierarchical`)
/// takes over its weights, and the parameters that `encoding` does not give; other weights start
/// from a seeded state. If each layer had an encoding of its own, each layer gets its own again.
/// Attention's scale is adapted to the number of terms in the new encoding's score.
GraphSpec swap_encoding(GraphSpec spec, std::string_view encoding,
                        std::span<const Scheme> own = {});

}  // namespace locus
