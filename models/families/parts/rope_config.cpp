#include "models/families/parts/rope_config.hpp"

namespace locus::families {
namespace {

double required(const Config& scaling, std::string_view key) {
  if (!scaling.has(key)) scaling.fail(key, "a number", "none");
  return scaling.number(key, 0);
}

/// Copies the keys that are there and are numbers above zero, under the scheme's names.
void copy_numbers(const Config& scaling, std::initializer_list<std::string_view> keys,
                  Attributes& parameters) {
  for (std::string_view key : keys) {
    if (scaling.has(key)) parameters.set(std::string(key), scaling.number(key, 0));
  }
}

void add_scaling(const Config& scaling, int64_t context, Attributes& parameters) {
  const std::string type = scaling.text("rope_type", scaling.text("type", "default"));
  if (type == "default") return;
  if (type != "linear" && type != "dynamic" && type != "yarn" && type != "llama3") {
    scaling.fail("rope_type", "one of default, linear, dynamic, yarn, llama3", "'" + type + "'");
  }
  parameters.set("scaling", type);
  parameters.set("factor", required(scaling, "factor"));
  // The paper and later versions read it; transformers 4.49 takes max_position_embeddings.
  parameters.set("original", scaling.count("original_max_position_embeddings", context));
  if (type == "yarn") {
    copy_numbers(scaling, {"beta_fast", "beta_slow", "attention_factor"}, parameters);
  } else if (type == "llama3") {
    parameters.set("low_freq_factor", required(scaling, "low_freq_factor"));
    parameters.set("high_freq_factor", required(scaling, "high_freq_factor"));
  }
}

/// Longer sequences are what it is for: the config's length is that of the training.
void lift_limit(GraphSpec& spec) {
  if (spec.trained_context == 0) spec.trained_context = spec.context;
  spec.context = 0;
}

}  // namespace

void add_rope_encoding(GraphBuilder& graph, const RopeConfig& rope, const std::string& path) {
  Attributes parameters{{"pairing", "half"}, {"base", rope.base}};
  if (rope.rotated > 0) parameters.set("dimensions", rope.rotated);
  add_scaling(graph.config().object("rope_scaling"), rope.context, parameters);
  graph.encoding("position", {{{"rope", parameters}}, {}}, path);
  for (const SchemeChoice& link : graph.spec().encodings.at("position").chain) {
    if (link.parameters.text(path, "scaling", "none") == "dynamic") lift_limit(graph.spec());
  }
}

}  // namespace locus::families
