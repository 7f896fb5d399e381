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

namespace locus {

struct WeightRef;

/// One step from a stored tensor to the tensor that a node wants.
struct WeightStep {
  enum class Kind { reshape, permute, slice, concatenate };
  Kind kind = Kind::reshape;
  std::vector<int64_t>
      sizes;         ///< reshape: sizes, one may be -1; permute: axes; slice: axis, begin, end
  int64_t axis = 0;  ///< concatenate: along this axis
  std::vector<WeightRef> others;  ///< concatenate: appended in order
  bool operator==(const WeightStep&) const = default;
};

/// A stored tensor and a short list of steps: enough for GPT-2's Conv1D (permute [1, 0]), for fused
/// query-key-value products in any interleaving, and for a permutation of rotary pairs.
struct WeightRef {
  std::string name;
  std::vector<WeightStep> steps;
  bool operator==(const WeightRef&) const = default;
};

WeightStep reshape(std::vector<int64_t> sizes);
WeightStep permute(std::vector<int64_t> axes);
WeightStep slice(int64_t axis, int64_t begin, int64_t end);

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

/// Node kinds, their inputs, attributes and weights (required ones first; `?` marks optional ones):
///
///  features      inputs: none: vectors of the batch, where it has no ids. attributes: width, rows
///                (`sequence`, or `map` where they are an image's pixels, line by line)
///  patches       inputs: x, on a map. One row for each rectangle of cells, zeros beyond the map's
///                edge. attributes: height, width, order (of the cells: `rows`, `columns`), rows
///                and columns (of patches that a map must have; 0: any)
///  windows       inputs: x, on a map. Its cells as sequences that see themselves alone, with
///                positions of two axes; where windows reach beyond the map, rows of zeros that are
///                part of the model. attributes: size (cells a side), shift (0). What a shifted
///                window holds of the map's two sides are sequences of their own
///  restore       inputs: x, from windows. The rows of the map that they were cut from
///  embedding     inputs: `ids`, `type_ids` or `decoder_ids`. weights: table [V, D]. attributes:
///                scale (1), first (id of the table's first row, 0), vocabulary (ids in all, V):
///                ids that the table does not have get a row of 0. Of a decoder that reads its
///                encoder's own text, one id later: shift (what comes first: `start`, the id
///                shift_id; `last`, the last id that is not shift_id); for those who run the graph
///  token_dropout inputs: x. Rows whose id is `id` become 0, the others of their sequence grow by
///                (1 - share) / (1 - share of such rows). attributes: id, share (0)
///  position      inputs: x. Calls the encoding's `embed`. attributes: padding: an id whose rows do
///                not count as positions (none); padding_rows: where they stand: `before`
///                position 0, or `none`, which leaves them as they are
///  norm          inputs: x. weights: gain? [D], bias? [D]. attributes: kind (`layer` or `rms`),
///                epsilon, gain_offset (0; added to the gain)
///  attention     inputs: x, memory? (cross-attention). weights: query [H d, D], key and value
///                [G d, D], output [Do, H d]; query_bias?, key_bias?, value_bias?, output_bias?;
///                of norms before the encoding: query_norm?, key_norm?, query_norm_bias?,
///                key_norm_bias? (of each head: [d]; of
///                all at once: [H d], [G d]). attributes: heads (H), key_heads (G, default H), head_size (d), scale (default
///                1/sqrt(d)), limit (of the projected values, 0: none), visibility (`all`,
///                `causal`, `sliding`, `segment`), left, right (of `sliding`), memory (of
///                `segment`), before (rows that stand before each sequence, 0; of 0 or of the
///                weight before? [D]), soft_cap (of scores: cap tanh(score / cap), 0:
///                none), norm_kind (`rms` or `layer`), norm_epsilon, norm_gain_offset (0; added to the norms' gains)
///  feed_forward  inputs: x. weights: up [F, D], down [D, F], gate? [F, D]; up_bias?, down_bias?,
///                gate_bias?. attributes: activation. y = down(act(up x)), or down(act(gate x) * up
///                x)
///  linear        inputs: x. weights: weight [N, K], bias? [N]. attributes: activation (identity),
///                scale (1, multiplies x)
///  soft_cap      inputs: x. y = cap tanh(x / cap). attributes: cap
///  convolution   inputs: x. Along each sequence, which zeros surround. weights: weight
///                [N, D / groups, taps] (an odd number of taps), bias? [N]. attributes: activation
///                (identity), groups (1)
///  add           inputs: a, b.
///  gather        inputs: x. attributes: rows: `requested` (the rows that the caller asks for; what
///                follows is the head); of each sequence `first`, `last`, `last_of` (the last
///                whose id is the attribute id), `last_other` (the last whose id is another),
///                `before` (the one before the first whose id it is, or the last); a decoder's rows
///                are chosen by the encoder's ids
///  adaptive_softmax  inputs: head [rows, frequent + clusters], then a tail [rows, tokens] for each
///                cluster. Log-probabilities of frequent tokens, then of each cluster's
///  pool          inputs: x. attributes: kind: `mean`, `max`, `first`. One row for each sequence.
///
/// `GraphSpec::outputs` names what results mean: last_hidden_state, pooler_output, logits,
/// encoder_last_hidden_state -> node names.
struct GraphSpec {
  std::string family;           ///< bert, roformer, t5, gpt2, llama, gpt_neox, ...
  std::string task;             ///< masked-lm, causal-lm, encoder, sequence-to-sequence, ...
  int64_t width = 0;            ///< D
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
GraphSpec parse_graph_spec(std::string_view who, std::string_view json);
/// A drawing of the graph in Graphviz's language.
std::string to_dot(const GraphSpec& spec);
/// `labels` by node name stand at the edges that leave the node: `[T, 768]`.
std::string to_dot(const GraphSpec& spec, const std::map<std::string, std::string>& labels);

/// Whether two names of activations mean one function, as `gelu_new` and `gelu_pytorch_tanh` do.
/// Throws Error for a name that is not known.
bool same_activation(std::string_view a, std::string_view b);

/// The same graph with every encoding exchanged for `encoding` (`alibi`, `rope:base=1000+alibi`);
/// cross-attention keeps none. A scheme that continues one of the graph's (`hierarchical`) keeps
/// its weights and the parameters that `encoding` does not give; what else is learned starts from a
/// seeded state. Encodings that differ by layer stay one for each layer. Attention's scale is
/// divided among as many terms as the new encoding's score has.
GraphSpec swap_encoding(GraphSpec spec, std::string_view encoding);

}  // namespace locus
