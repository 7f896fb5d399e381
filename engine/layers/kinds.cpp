#include "engine/layers/kinds.hpp"

#include "engine/layers/attention/visibility.hpp"
#include "engine/layers/makers.hpp"

namespace locus::layers {
namespace {

constexpr int64_t max_heads = 65536;        // whose product with a head's size still fits
constexpr int64_t max_head_size = 65536;    // likewise
constexpr int64_t max_memory_rows = 65536;  // they take memory in every sequence

NodeAttribute integer(std::string_view name, int64_t min = 0,
                      int64_t max = IntegerRange::max_integer) {
  return {name, NodeAttribute::Type::integer, {min, max}};
}
NodeAttribute number(std::string_view name) { return {name, NodeAttribute::Type::number}; }
NodeAttribute text(std::string_view name) { return {name, NodeAttribute::Type::text}; }

RowKind gathered(const NodeSpec& node) {
  const bool requested = node.attributes.text(node.name, "rows", "requested") == "requested";
  return requested ? RowKind::requested : RowKind::sequences;
}
RowKind pooled(const NodeSpec&) { return RowKind::sequences; }

bool always(const NodeSpec&) { return true; }
bool pads(const NodeSpec& node) { return node.attributes.integer(node.name, "padding", -1) >= 0; }
bool compares_ids(const NodeSpec& node) {
  const std::string global = node.attributes.text(node.name, "global", "none");
  return global == "before" || global == "after" || node.weights.contains("type_keys");
}
/// Cross-attention sees rows of another text, which is whole.
bool sees_later_keys(const NodeSpec& node) {
  return node.inputs.size() == 1 && !visibility_of(node)->causal();
}
bool searches_ids(const NodeSpec& node) {
  const std::string rows = node.attributes.text(node.name, "rows", "requested");
  return rows == "last_of" || rows == "last_other" || rows == "before";
}

std::vector<NodeKind> inputs_and_maps() {
  return {
      {.name = "embedding",
       .attributes = {number("scale"), integer("first"), integer("vocabulary"), text("shift"),
                      integer("shift_id")},
       .weights = {"table"},
       .make = make_embedding,
       .source = RowSource::ids},
      {.name = "features",
       .min_inputs = 0,
       .max_inputs = 0,
       .attributes = {integer("width", 1), text("rows")},
       .make = make_features,
       .source = RowSource::features},
      {.name = "patches",
       .attributes = {integer("height", 1), integer("width", 1), text("order"), integer("rows"),
                      integer("columns")},
       .make = make_patches,
       .needs_texts = true,
       .looks_ahead = always},
      {.name = "windows",
       .attributes = {integer("size", 1), integer("shift", -IntegerRange::max_integer),
                      text("small_maps")},
       .make = make_windows,
       .needs_texts = true,
       .looks_ahead = always},
      {.name = "restore",
       .make = make_restore,
       .needs_texts = true,
       .looks_ahead = always,
       .restores = true},
  };
}

NodeKind attention() {
  return {.name = "attention",
          .max_inputs = 2,
          .attributes = {integer("heads", 1, max_heads), integer("kv_heads", 0, max_heads),
                         integer("head_size", 1, max_head_size), number("scale"), number("limit"),
                         text("visibility"), integer("left"), integer("right"), integer("memory"),
                         integer("memory_rows", 0, max_memory_rows), number("soft_cap"),
                         number("norm_epsilon"), number("norm_gain_offset"), text("norm_kind"),
                         number("max_log_scale"), text("global"), integer("global_id")},
          .weights = {"query",           "key",
                      "value",           "output",
                      "query_bias",      "key_bias",
                      "value_bias",      "output_bias",
                      "memory_row",      "query_norm",
                      "key_norm",        "query_norm_bias",
                      "key_norm_bias",   "query_log_scale",
                      "type_keys",       "type_bias",
                      "global_query",    "global_key",
                      "global_value",    "global_query_bias",
                      "global_key_bias", "global_value_bias"},
          .make = make_attention,
          .encodes = true,
          .attends = true,
          .needs_texts = true,
          .reads_ids = compares_ids,
          .looks_ahead = sees_later_keys};
}

std::vector<NodeKind> layers() {
  return {
      {.name = "position",
       .attributes = {integer("padding", -1), text("padding_rows")},
       .make = make_position,
       .encodes = true,
       .needs_texts = true,
       .reads_ids = pads},
      {.name = "norm",
       .attributes = {text("kind"), number("epsilon"), number("gain_offset")},
       .weights = {"gain", "bias"},
       .make = make_norm,
       .make_after_sum = make_add_norm},
      attention(),
      {.name = "feed_forward",
       .attributes = {text("activation")},
       .weights = {"up", "down", "gate", "up_bias", "down_bias", "gate_bias"},
       .make = make_feed_forward},
      {.name = "token_dropout",
       .attributes = {integer("id", 1), number("share")},
       .make = make_token_dropout,
       .needs_texts = true,
       .reads_ids = always,
       .looks_ahead = always},
      {.name = "soft_cap", .attributes = {number("cap")}, .make = make_soft_cap},
      {.name = "scale", .attributes = {number("factor")}, .make = make_scale},
      {.name = "linear",
       .attributes = {text("activation"), number("scale")},
       .weights = {"weight", "bias"},
       .make = make_linear},
      {.name = "convolution",
       .attributes = {text("activation"), integer("groups", -IntegerRange::max_integer)},
       .weights = {"weight", "bias"},
       .make = make_convolution,
       .needs_texts = true,
       .looks_ahead = always},
      {.name = "add", .min_inputs = 2, .max_inputs = 2, .make = make_add, .sums = true},
  };
}

std::vector<NodeKind> heads() {
  return {
      {.name = "gather",
       .attributes = {text("rows"), integer("id", -1)},
       .make = make_gather,
       .needs_texts = true,
       .reads_ids = searches_ids,
       .rows = gathered},
      {.name = "adaptive_softmax", .max_inputs = max_inputs, .make = make_adaptive_softmax},
      {.name = "pool",
       .attributes = {text("kind")},
       .make = make_pool,
       .needs_texts = true,
       .rows = pooled},
  };
}

std::vector<NodeKind> registered() {
  std::vector<NodeKind> kinds;
  for (const auto& group : {inputs_and_maps(), layers(), heads()}) {
    kinds.insert(kinds.end(), group.begin(), group.end());
  }
  return kinds;
}

}  // namespace

std::span<const NodeKind> node_kinds() {
  static const std::vector<NodeKind> table = registered();
  return table;
}

}  // namespace locus::layers
