// Every integer that a graph or a scheme may hold, at the ends of its type: a working graph or one
// line that says what is wrong. The tables of kinds and schemes are walked, so that a new row is
// covered the day it is listed.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "base/error.hpp"
#include "engine/layers/kinds.hpp"
#include "engine/session.hpp"
#include "tests/support/tiny_graph.hpp"

namespace locus::tests::extremes {
namespace {

constexpr int64_t extremes[] = {std::numeric_limits<int64_t>::min(), -1, 0, 1, int64_t{1} << 31,
                                std::numeric_limits<int64_t>::max()};

bool is_one_line(const std::string& message) {
  return !message.empty() && std::ranges::all_of(message, [](unsigned char letter) {
    return letter >= ' ' && letter != 127;
  });
}

Sequence sequence_of(const GraphInput& input, std::span<const int32_t> ids,
                     std::span<const float> features) {
  if (input.kind == GraphInput::Kind::ids) return {.ids = ids};
  const bool mapped = input.kind == GraphInput::Kind::map;
  const auto count = std::min<size_t>(features.size(), static_cast<size_t>(input.width) * 16);
  return {.ids = {}, .features = features.first(count), .map = mapped ? MapSize{4, 4} : MapSize{}};
}

/// What is wrong with a graph: nothing, where it opens and gives finite numbers or one line.
std::string fault_of(const TinyGraph& tiny) {
  try {
    const auto graph = std::make_shared<const Graph>(tiny.spec, tiny.weights);
    Session session(graph, {.threads = 1});
    const auto ids = random_ids(9);
    const std::vector<float> features(4096, 0.5f);
    session.encode(std::vector<Sequence>{sequence_of(graph->input(), ids, features)});
    const ConstView last = session.output(tiny.spec.outputs.begin()->first);
    for (int64_t row = 0; row < last.size(0); ++row) {
      for (const float value : last.row(row)) {
        if (!std::isfinite(value)) return "a value that is not finite";
      }
    }
    return "";
  } catch (const Error& error) {
    return is_one_line(error.what()) ? "" : std::string("not one line: ") + error.what();
  } catch (const std::exception& error) {
    return std::string("another exception: ") + error.what();
  }
}

/// A node of every kind with what it needs. A kind that is not among them has no weights, and one
/// input that tokens come from: its attributes are read all the same.
class Sample {
 public:
  explicit Sample(const layers::NodeKind& kind) : kind_(kind) {
    tiny_.spec.context = 32;
    node_ = {"node", std::string(kind.name), {}, {}, {}, {}};
    add_source();
    fill();
    tiny_.spec.nodes.push_back(node_);
    tiny_.spec.outputs = {{"last", "node"}};
  }

  TinyGraph with(std::string_view attribute, int64_t value) const {
    TinyGraph changed = tiny_;
    NodeSpec& node = changed.spec.nodes.back();
    node.attributes.set(std::string(attribute), value);
    if (attribute == "left" || attribute == "right") {
      node.attributes.set("visibility", "sliding");
      if (!node.attributes.contains("left")) node.attributes.set("left", int64_t{2});
      if (!node.attributes.contains("right")) node.attributes.set("right", int64_t{2});
    }
    if (attribute == "memory") node.attributes.set("visibility", "segment");
    if (attribute == "id") node.attributes.set("rows", "last_other");
    return changed;
  }

 private:
  void weigh(NodeSpec& node, const std::string& slot, Shape shape) {
    const std::string name = node.name + "." + slot;
    tiny_.weights.add(name, random_tensor(name, std::move(shape)));
    node.weights[slot] = {name, {}};
  }

  void add_source() {
    if (kind_.source != layers::RowSource::inputs) return;
    if (kind_.name == "patches" || kind_.name == "windows" || kind_.name == "restore") {
      tiny_.spec.nodes.push_back(
          {"source", "features", {}, {{"width", int64_t{4}}, {"rows", "map"}}, {}, {}});
    } else {
      NodeSpec source{"source", "embedding", {"ids"}, {}, {}, {}};
      weigh(source, "table", {97, 4});
      tiny_.spec.nodes.push_back(source);
    }
    node_.inputs.assign(std::max<size_t>(1, kind_.min_inputs), "source");
  }

  void fill() {
    if (kind_.source == layers::RowSource::ids) node_.inputs = {"ids"};
    if (kind_.name == "embedding") weigh(node_, "table", {97, 4});
    if (kind_.name == "convolution") weigh(node_, "weight", {4, 4, 3});
    if (kind_.name == "linear") weigh(node_, "weight", {3, 4});
    for (const layers::NodeAttribute& attribute : kind_.attributes) {
      const bool needed =
          attribute.type == layers::NodeAttribute::Type::integer && attribute.range.min == 1;
      if (needed) node_.attributes.set(std::string(attribute.name), int64_t{2});
    }
    if (kind_.name != "attention") return;
    for (const char* slot : {"query", "key", "value", "output"}) weigh(node_, slot, {4, 4});
  }

  const layers::NodeKind& kind_;
  TinyGraph tiny_;
  NodeSpec node_;
};

TEST_CASE("every integer of every kind at the ends of its type: a working graph or one line") {
  for (const layers::NodeKind& kind : layers::node_kinds()) {
    const Sample sample(kind);
    for (const layers::NodeAttribute& attribute : kind.attributes) {
      if (attribute.type != layers::NodeAttribute::Type::integer) continue;
      for (const int64_t value : extremes) {
        CAPTURE(kind.name);
        CAPTURE(attribute.name);
        CAPTURE(value);
        CHECK(fault_of(sample.with(attribute.name, value)) == "");
      }
    }
  }
}

TEST_CASE("every integer of every scheme at the ends of its type: a working graph or one line") {
  for (const Scheme& scheme : schemes()) {
    for (const SchemeParameter& parameter : scheme.parameters) {
      for (const int64_t value : extremes) {
        CAPTURE(scheme.name);
        CAPTURE(parameter.name);
        CAPTURE(value);
        TinyGraph tiny = tiny_graph({.layers = 1, .context = 32});
        SchemeChoice choice{scheme.name, {}};
        choice.parameters.set(parameter.name, value);
        tiny.spec.encodings["position"] = {{choice}, {}};
        // A number may be anything; an integer or a text that stands for one has to be sound.
        const std::string fault = fault_of(tiny);
        const bool number = std::holds_alternative<double>(parameter.value);
        const bool factor = std::holds_alternative<std::string>(parameter.value);
        const bool finite_only = fault == "a value that is not finite";
        if (!(finite_only && (number || factor))) CHECK(fault == "");
      }
    }
  }
}

std::optional<std::string> refusal(const TinyGraph& tiny) {
  try {
    const Graph graph(tiny.spec, tiny.weights);
    return std::nullopt;
  } catch (const Error& error) {
    return error.what();
  }
}

TEST_CASE("integers out of their bounds are refused by name") {
  const auto with = [](const char* name, int64_t value) {
    TinyGraph tiny = tiny_graph();
    NodeSpec& node = tiny.spec.nodes[3];
    REQUIRE(node.kind == "attention");
    node.attributes.set(name, value);
    return refusal(tiny);
  };
  CHECK(with("left", -5) == "layer.0.attention: expected 'left' of at least 0, found -5");
  CHECK(with("right", -1) == "layer.0.attention: expected 'right' of at least 0, found -1");
  CHECK(with("memory", -1) == "layer.0.attention: expected 'memory' of at least 0, found -1");
  CHECK(with("heads", int64_t{1} << 62) ==
        "layer.0.attention: expected 'heads' of 1 to 65536, found 4611686018427387904");
  CHECK(with("head_size", int64_t{1} << 32) ==
        "layer.0.attention: expected 'head_size' of 1 to 65536, found 4294967296");
}

TEST_CASE("a node that looks for ids is refused in a graph that has none") {
  const auto message = [](NodeSpec node) {
    TinyGraph tiny;
    tiny.spec.width = 4;
    tiny.spec.nodes = {
        {.name = "source", .kind = "features", .attributes = {{"width", int64_t{4}}}},
        std::move(node)};
    return refusal(tiny).value_or("");
  };
  const std::string expected = "node: expected a graph that reads ids, found one of features";
  const auto node = [](const char* kind, Attributes attributes) {
    return NodeSpec{
        .name = "node", .kind = kind, .inputs = {"source"}, .attributes = std::move(attributes)};
  };
  CHECK(message(node("position", {{"padding", int64_t{1}}})) == expected);
  CHECK(message(node("token_dropout", {{"id", int64_t{1}}})) == expected);
  CHECK(message(node("gather", {{"rows", "last_other"}, {"id", int64_t{1}}})) == expected);
  CHECK(message(node("position", {{"padding", int64_t{-1}}})) == "");
}

TEST_CASE("a scheme's text of a few letters does not ask for all memory") {
  const auto message = [](const char* encoding) {
    return refusal(tiny_graph({.encoding = encoding})).value_or("");
  };
  CHECK(message("shaw:clip=9223372036854775807") ==
        "shaw: expected clip of 1 to 1073741824, found 9223372036854775807");
  CHECK(message("shaw:clip=50000000") ==
        "encoding: expected a table of at most 268435456 values, found [100000001, 12]");
  CHECK(message("nezha:clip=1000000000") ==
        "encoding: expected a table of at most 268435456 values, found [2000000001, 12]");
  CHECK(message("learned:offset=1000000000") ==
        "encoding: expected a table of at most 268435456 values, found [1000000128, 60]");
}

}  // namespace
}  // namespace locus::tests::extremes
