#include "models/families/parts/graph_builder.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "engine/tensor.hpp"

namespace locus::families {
namespace {

/// The names that early converters gave to the gain and bias of a LayerNorm.
std::string old_name(const std::string& path) {
  if (path.ends_with(".weight")) return path.substr(0, path.size() - 6) + "gamma";
  if (path.ends_with(".bias")) return path.substr(0, path.size() - 4) + "beta";
  return path;
}

/// What transformers' classes put on top of a base: harmless in a file that a bare class reads.
constexpr const char* head_modules =
    "(cls|classifier|pre_classifier|qa_outputs|score|lm_head|embed_out|sequence_summary|"
    "multiple_choice_head|predictions|sop_classifier|vocab_(transform|layer_norm|projector)|"
    "(generator|discriminator)_predictions|generator_lm_head)\\..*";

}  // namespace

WeightSlots operator+(WeightSlots left, const WeightSlots& right) {
  left.insert(right.begin(), right.end());
  return left;
}

Attributes causal_window(int64_t window) {
  if (window == 0) return {{"visibility", "causal"}};
  return {{"visibility", "sliding"}, {"left", window - 1}, {"right", 0}};
}

GraphBuilder::GraphBuilder(const Config& config, const Weights& weights, Naming naming)
    : config_(config), weights_(weights), naming_(std::move(naming)) {
  graph_.spec.trained_context = config.object("locus").count("trained_context", 0);
  if (naming_.bare) ignore(head_modules);
}

void GraphBuilder::describe(const std::string& family, const std::string& task, Extent extent) {
  graph_.spec.family = family;
  graph_.spec.task = task;
  graph_.spec.width = extent.width;
  graph_.spec.context = extent.context;
}

std::string GraphBuilder::without_base(const std::string& path) const {
  return path.starts_with(naming_.base) ? path.substr(naming_.base.size()) : path;
}

std::string GraphBuilder::unshared(const std::string& path) const {
  for (const auto& [prefix, other] : shared_) {
    if (path.starts_with(prefix)) return other + path.substr(prefix.size());
  }
  return path;
}

WeightRef GraphBuilder::weight(const std::string& name) const {
  const std::string path = unshared(name);
  const std::string without = without_base(path);
  for (const std::string& known : std::array{path, without, old_name(path), old_name(without)}) {
    if (weights_.contains(known)) return {known, {}};
  }
  return {path, {}};
}

bool GraphBuilder::stored(const std::string& path) const {
  return weights_.contains(weight(path).name);
}

WeightSlots GraphBuilder::product(const std::string& slot, const std::string& path) const {
  return {{slot, weight(path + ".weight")}};
}

WeightSlots GraphBuilder::affine(const std::string& slot, const std::string& path) const {
  const std::string bias = slot == "weight" || slot == "gain" ? "bias" : slot + "_bias";
  return {{slot, weight(path + ".weight")}, {bias, weight(path + ".bias")}};
}

std::string GraphBuilder::add(NodeSpec node) {
  if (naming_.bare) node.name = without_base(node.name);
  std::string name = node.name;
  graph_.spec.nodes.push_back(std::move(node));
  return name;
}

void GraphBuilder::check_shape(const std::string& path, const Shape& expected) const {
  const std::string name = weight(path).name;
  if (weights_.contains(name)) locus::check_shape(name, weights_.at(name).shape, expected);
}

std::string GraphBuilder::embedding(const std::string& path, const std::string& input,
                                    const Shape& shape) {
  check_shape(path + ".weight", shape);
  return add({
      .name = path,
      .kind = "embedding",
      .inputs = {input},
      .weights = product("table", path),
  });
}

std::string GraphBuilder::scaled_embedding(const std::string& path, const Shape& shape,
                                           double scale) {
  check_shape(path + ".weight", shape);
  Attributes attributes;
  if (scale != 1) attributes.set("scale", scale);
  return add({
      .name = path,
      .kind = "embedding",
      .inputs = {"ids"},
      .attributes = attributes,
      .weights = product("table", path),
  });
}

std::string GraphBuilder::position(const std::string& path, const std::string& input,
                                   const std::string& encoding, const Attributes& attributes) {
  return add({
      .name = path,
      .kind = "position",
      .inputs = {input},
      .attributes = attributes,
      .encoding = encoding,
  });
}

std::string GraphBuilder::linear(const std::string& name, const std::string& input,
                                 const std::string& path, const std::string& activation) {
  Attributes attributes;
  if (activation != "identity") attributes.set("activation", activation);
  return add({
      .name = name,
      .kind = "linear",
      .inputs = {input},
      .attributes = attributes,
      .weights = affine("weight", path),
  });
}

std::string GraphBuilder::first(const std::string& name, const std::string& input) {
  return add({
      .name = name,
      .kind = "gather",
      .inputs = {input},
      .attributes = {{"rows", "first"}},
  });
}

std::string GraphBuilder::layer_norm(const std::string& path, const std::string& input,
                                     double epsilon) {
  return add({
      .name = path,
      .kind = "norm",
      .inputs = {input},
      .attributes = {{"kind", "layer"}, {"epsilon", epsilon}},
      .weights = affine("gain", path),
  });
}

std::string GraphBuilder::rms_norm(const std::string& path, const std::string& input,
                                   double epsilon, double gain_offset) {
  Attributes attributes{{"kind", "rms"}, {"epsilon", epsilon}};
  if (gain_offset != 0) attributes.set("gain_offset", gain_offset);
  return add({
      .name = path,
      .kind = "norm",
      .inputs = {input},
      .attributes = attributes,
      .weights = product("gain", path),
  });
}

std::string GraphBuilder::sum(const std::string& path, const std::string& left,
                              const std::string& right) {
  return add({
      .name = path,
      .kind = "add",
      .inputs = {left, right},
  });
}

std::string GraphBuilder::requested(const std::string& path, const std::string& input) {
  return add({
      .name = path,
      .kind = "gather",
      .inputs = {input},
      .attributes = {{"rows", "requested"}},
  });
}

void GraphBuilder::ignore_name(const std::string& name) {
  std::string pattern;
  for (const char letter : name) pattern += letter == '.' ? "\\." : std::string(1, letter);
  ignore(std::move(pattern));
}

WeightRef GraphBuilder::head_weight(const HeadMatrices& paths) {
  const std::string own = weight(paths.own).name;
  ignore_name(own);
  return {head_matrix(config_, weights_, {own, weight(paths.table).name, paths.tied}), {}};
}

void GraphBuilder::lm_head(const LmHead& head, const std::string& input) {
  const WeightRef table = head_weight({head.path + ".weight", head.table, head.tied});
  const std::string rows = requested(head.path + ".gather", input);
  Attributes attributes;
  if (head.scale != 1) attributes.set("scale", head.scale);
  const WeightSlots slots = WeightSlots{{"weight", table}} + head.bias;
  std::string logits = add({
      .name = head.path,
      .kind = "linear",
      .inputs = {rows},
      .attributes = attributes,
      .weights = slots,
  });
  if (head.soft_cap != 0) {
    logits = add({
        .name = head.path + ".cap",
        .kind = "soft_cap",
        .inputs = {logits},
        .attributes = {{"cap", head.soft_cap}},
    });
  }
  output("logits", logits);
}

void GraphBuilder::encoding(const std::string& name, EncodingSpec own, const std::string& path,
                            const std::map<std::string, WeightSlots>& known) {
  const std::string chosen = config_.object("locus").text("encoding", "");
  if (chosen.empty()) {
    graph_.spec.encodings[name] = std::move(own);
    return;
  }
  EncodingSpec encoding{parse_encoding(chosen), {}};
  if (encoding.chain.size() == 1 && known.count(encoding.chain[0].name) > 0) {
    encoding.weights = known.at(encoding.chain[0].name);
  }
  for (const std::string& stored : weights_.names()) {
    for (const std::string& prefix : {path + ".", without_base(path) + "."}) {
      if (!stored.starts_with(prefix)) continue;
      encoding.weights[stored.substr(prefix.size())] = {stored, {}};
    }
  }
  graph_.spec.encodings[name] = std::move(encoding);
}

void GraphBuilder::learned_encoding(const LearnedTable& learned) {
  const std::string path = learned.table + ".weight";
  check_shape(path, {learned.rows + learned.offset, learned.width});
  const WeightRef table = weight(path);
  Attributes parameters;
  if (learned.offset > 0) parameters.set("offset", learned.offset);
  encoding(learned.encoding, {{{"learned", parameters}}, {{"table", table}}}, learned.position,
           {{"learned", {{"table", table}}}});
  ignore_name(table.name);
}

}  // namespace locus::families
