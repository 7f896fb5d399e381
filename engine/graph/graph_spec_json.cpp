// The JSON form of graphs.
#include <algorithm>
#include <cmath>
#include <set>
#include <span>

#include "base/error.hpp"
#include "engine/graph/graph_spec_detail.hpp"

namespace locus {
namespace {

using Json = nlohmann::ordered_json;

Attribute read_attribute(const detail::JsonPlace& place) {
  const auto& value = place.value();
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer()) return place.integer();
  if (value.is_number_float()) return value.get<double>();
  if (value.is_string()) return value.get<std::string>();
  const bool numbers = value.is_array() && std::all_of(value.begin(), value.end(),
                                                       [](auto& item) { return item.is_number(); });
  if (!numbers) place.refuse("true, false, a number, a text or a list of numbers");
  return value.get<std::vector<double>>();
}

Attributes read_attributes(const std::optional<detail::JsonPlace>& place) {
  Attributes attributes;
  if (!place) return attributes;
  for (const auto& [name, value] : place->members()) attributes.set(name, read_attribute(value));
  return attributes;
}

// JSON has no infinities and no NaN.
void expect_finite(const std::string& name, const Attribute& value) {
  const auto* number = std::get_if<double>(&value);
  const auto* list = std::get_if<Numbers>(&value);
  const auto numbers = number ? std::span(number, 1)
                       : list ? std::span(*list)
                              : std::span(number, 0);
  for (double item : numbers) {
    if (!std::isfinite(item)) throw Error(name, "a finite number", std::to_string(item));
  }
}

Json write_attributes(const Attributes& attributes) {
  Json json = Json::object();
  for (const auto& [name, value] : attributes.values()) {
    expect_finite(name, value);
    std::visit([&, &key = name](const auto& plain) { json[key] = plain; }, value);
  }
  return json;
}

Json write_weights(const std::map<std::string, WeightRef>& weights) {
  Json json = Json::object();
  for (const auto& [name, ref] : weights) json[name] = graph::write_weight_ref(ref);
  return json;
}

std::map<std::string, WeightRef> read_weights(const std::optional<detail::JsonPlace>& place) {
  std::map<std::string, WeightRef> weights;
  if (!place) return weights;
  for (const auto& [name, ref] : place->members()) weights[name] = graph::read_weight_ref(ref);
  return weights;
}

std::string read_text(const std::optional<detail::JsonPlace>& place) {
  return place ? place->text() : "";
}

int64_t read_size(const std::optional<detail::JsonPlace>& place) {
  if (!place) return 0;
  if (place->integer() < 0) place->refuse("zero or more");
  return place->integer();
}

// The text form says the same unless a default is written out or a value has no text of its type.
bool has_text_form(const std::vector<SchemeChoice>& chain) {
  const auto own = [](const SchemeChoice& link) {
    return std::ranges::find(schemes(), link.name, &Scheme::name) == schemes().end();
  };
  if (std::ranges::any_of(chain, own)) return false;
  return chain.empty() || parse_encoding(to_string(chain)) == chain;
}

Json write_chain(const std::vector<SchemeChoice>& chain) {
  if (chain.empty()) return "";
  if (has_text_form(chain)) return to_string(chain);
  Json links = Json::array();
  for (const auto& link : chain) {
    links.push_back({{"name", link.name}, {"parameters", write_attributes(link.parameters)}});
  }
  return links;
}

std::vector<SchemeChoice> read_chain(const detail::JsonPlace& place,
                                     std::span<const Scheme> own) try {
  if (place.value().is_string()) {
    const auto text = place.text();
    return text.empty() ? std::vector<SchemeChoice>{} : parse_encoding(text, own);
  }
  std::vector<SchemeChoice> chain;
  for (const auto& link : place.items()) {
    link.expect_keys({"name", "parameters"});
    const auto name = find_scheme(link.at("name").text(), own).name;
    chain.push_back({name, read_attributes(link.find("parameters"))});
  }
  return chain;
} catch (const Error& error) {
  const std::string reason = error.what();
  throw reason.starts_with(place.where()) ? error : Error(place.where() + ": " + reason);
}

Json write_encoding(const EncodingSpec& encoding) {
  if (encoding.weights.empty() && has_text_form(encoding.chain)) return write_chain(encoding.chain);
  Json json{{"scheme", write_chain(encoding.chain)}};
  if (!encoding.weights.empty()) json["weights"] = write_weights(encoding.weights);
  return json;
}

EncodingSpec read_encoding(const detail::JsonPlace& place, std::span<const Scheme> own) {
  if (!place.value().is_object()) return {.chain = read_chain(place, own), .weights = {}};
  place.expect_keys({"scheme", "weights"});
  return {.chain = read_chain(place.at("scheme"), own),
          .weights = read_weights(place.find("weights"))};
}

Json write_node(const NodeSpec& node) {
  Json json{{"name", node.name}, {"kind", node.kind}};
  if (!node.inputs.empty()) json["inputs"] = node.inputs;
  if (!node.attributes.empty()) json["attributes"] = write_attributes(node.attributes);
  if (!node.weights.empty()) json["weights"] = write_weights(node.weights);
  if (!node.encoding.empty()) json["encoding"] = node.encoding;
  return json;
}

NodeSpec read_node(const detail::JsonPlace& place) {
  place.expect_keys({"name", "kind", "inputs", "attributes", "weights", "encoding"});
  NodeSpec node;
  node.name = place.at("name").text();
  node.kind = place.at("kind").text();
  if (const auto inputs = place.find("inputs")) {
    for (const auto& input : inputs->items()) node.inputs.push_back(input.text());
  }
  node.attributes = read_attributes(place.find("attributes"));
  node.weights = read_weights(place.find("weights"));
  node.encoding = read_text(place.find("encoding"));
  return node;
}

void read_nodes(const detail::JsonPlace& place, GraphSpec& spec) {
  std::set<std::string> names;
  for (const auto& item : place.items()) {
    spec.nodes.push_back(read_node(item));
    const auto& name = spec.nodes.back().name;
    if (!names.insert(name).second) item.at("name").refuse("a name of its own");
  }
}

}  // namespace

Json graph::write_graph_spec(const GraphSpec& spec) {
  Json json{{"family", spec.family}, {"task", spec.task}, {"width", spec.width}};
  if (spec.context) json["context"] = spec.context;
  if (spec.trained_context) json["trained_context"] = spec.trained_context;
  json["encodings"] = Json::object();
  for (const auto& [name, encoding] : spec.encodings) {
    json["encodings"][name] = write_encoding(encoding);
  }
  json["nodes"] = Json::array();
  for (const auto& node : spec.nodes) json["nodes"].push_back(write_node(node));
  json["outputs"] = spec.outputs;
  return json;
}

GraphSpec graph::read_graph_spec(const detail::JsonPlace& place, std::span<const Scheme> own) {
  place.expect_keys(
      {"family", "task", "width", "context", "trained_context", "encodings", "nodes", "outputs"});
  GraphSpec spec;
  spec.family = read_text(place.find("family"));
  spec.task = read_text(place.find("task"));
  spec.width = read_size(place.at("width"));
  spec.context = read_size(place.find("context"));
  spec.trained_context = read_size(place.find("trained_context"));
  if (const auto encodings = place.find("encodings")) {
    for (const auto& [name, value] : encodings->members()) {
      spec.encodings[name] = read_encoding(value, own);
    }
  }
  read_nodes(place.at("nodes"), spec);
  if (const auto outputs = place.find("outputs")) {
    for (const auto& [name, node] : outputs->members()) spec.outputs[name] = node.text();
  }
  return spec;
}

std::string to_json(const GraphSpec& spec) {
  return detail::write_json(graph::write_graph_spec(spec)) + "\n";
}

GraphSpec parse_graph_spec(std::string_view who, std::string_view text,
                           std::span<const Scheme> own) {
  const auto document = detail::parse_json(who, text);
  return graph::read_graph_spec(detail::JsonPlace(document, std::string(who)), own);
}

}  // namespace locus
