// The table of node kinds: what the compiler knows of a node before its layer is made.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/layers/layer.hpp"
#include "engine/layers/node_reader.hpp"

namespace locus::layers {

/// An attribute of a kind: its type and, of an integer, its bounds.
struct NodeAttribute {
  enum class Type { integer, number, text };
  std::string_view name;
  Type type = Type::text;
  IntegerRange range = {};
};

/// Where the rows of a node come from.
enum class RowSource {
  inputs,    ///< nodes before it
  ids,       ///< the batch's ids
  features,  ///< the batch's vectors
};

/// What a node of a kind may say, how the compiler places it, and how its layer is made.
struct NodeKind {
  std::string_view name;
  size_t min_inputs = 1;
  size_t max_inputs = 1;
  std::vector<NodeAttribute> attributes = {};
  std::vector<std::string_view> weights = {};
  std::unique_ptr<Layer> (*make)(const NodeReader& reader);

  RowSource source = RowSource::inputs;
  bool encodes = false;      ///< may refer to an encoding
  bool attends = false;      ///< has a cache; its second input may have other rows than its first
  bool needs_texts = false;  ///< its input has a row for each token of the batch's sequences
  bool (*reads_ids)(const NodeSpec& node) = nullptr;  ///< whether it needs the rows' ids
  /// Whether a row of its output may depend on rows that come later, so that none can be appended.
  bool (*looks_ahead)(const NodeSpec& node) = nullptr;
  bool restores = false;  ///< its rows are those of the stream that its input was cut from
  /// What its rows are, where that is not what its input's rows are.
  RowKind (*rows)(const NodeSpec& node) = nullptr;
  /// A sum that the next node may take over, and how a kind is made that takes one over: both are
  /// then computed in one pass.
  bool sums = false;
  std::unique_ptr<Layer> (*make_after_sum)(const NodeReader& reader) = nullptr;
};

/// All kinds, in the order of docs/node-kinds.md.
std::span<const NodeKind> node_kinds();

/// The kind of a node. Throws Error that names the node and the known kinds.
const NodeKind& kind_of(const NodeSpec& node);

/// Throws Error that names the node: unknown kind, attribute or weight, an attribute of another
/// type or out of its bounds, a wrong number of inputs, or an encoding that the kind does not take.
void check_node(const NodeSpec& node);

}  // namespace locus::layers
