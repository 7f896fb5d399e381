#include "models/families/parts/rope_config.hpp"

#include <algorithm>
#include <cmath>

namespace locus::families {
namespace {

constexpr const char* new_place = "rope_parameters";
constexpr const char* old_place = "rope_scaling";
constexpr const char* original_key = "original_max_position_embeddings";

/// The value of a number that two places may hold.
double agreed(const Config& older, std::string_view key, const Config& newer,
              std::string_view new_key, double fallback) {
  if (!newer.has(new_key)) return older.number(key, fallback);
  const double value = newer.number(new_key, fallback);
  if (older.has(key) && older.number(key, fallback) != value) {
    older.fail(key, std::string(new_place) + "'s " + to_string(Attribute(value)),
               to_string(Attribute(older.number(key, fallback))));
  }
  return value;
}

std::string scaling_type(const Config& scaling) {
  const std::string type = scaling.text("rope_type", scaling.text("type", "default"));
  return type == "su" ? "longrope" : type;  // Phi-3's first name for it
}

/// What `rope_scaling` leaves out is `fallback` then, whatever `rope_parameters` says.
void expect_kept(const Config& older, const Config& newer, std::string_view key, double fallback) {
  if (!newer.has(key)) return;
  const double kept = older.number(key, fallback), value = newer.number(key, kept);
  if (value != kept) {
    newer.fail(key, to_string(Attribute(kept)) + " as rope_scaling leaves it",
               to_string(Attribute(value)));
  }
}

/// `rope_scaling` may stand beside `rope_parameters` where it says nothing else: transformers 5
/// takes it in the place of all of them.
void expect_agreement(const Config& older, const Config& newer) {
  if (scaling_type(older) != scaling_type(newer)) {
    older.fail("rope_type", "'" + scaling_type(newer) + "' as in rope_parameters",
               "'" + scaling_type(older) + "'");
  }
  for (const char* key : {"factor", "original_max_position_embeddings", "beta_fast", "beta_slow",
                          "attention_factor", "low_freq_factor", "high_freq_factor"}) {
    if (older.has(key) && !newer.has(key)) older.fail(key, "in rope_parameters too", "here alone");
    if (newer.has(key) && !older.has(key)) newer.fail(key, "in rope_scaling too", "here alone");
    agreed(older, key, newer, key, 0);
  }
}

/// transformers 5 reads these keys inside `rope_scaling` too, and before those outside; 4.49 knows
/// them outside alone.
void expect_known(const Config& config, const Config& older, const RopeKeys& keys) {
  // Of two names of the type 4.49 reads the first one that there was, 5 the second.
  const std::string type = older.text("rope_type", ""), first = older.text("type", type);
  if (!type.empty() && first != type && !saved_by_transformers_5(config)) {
    older.fail("type", "'" + type + "' as rope_type says", "'" + first + "'");
  }
  struct Place {
    std::string_view inner, outer;
    double fallback;
  };
  for (const auto& [inner, outer, fallback] :
       {Place{"rope_theta", keys.base, keys.default_base},
        Place{"partial_rotary_factor", keys.share, keys.default_share}}) {
    if (!older.has(inner)) continue;
    const double outside = config.number(outer, fallback), inside = older.number(inner, outside);
    const bool reads = saved_by_transformers_5(config) && !config.has(outer);
    if (inside == outside || reads) continue;
    older.fail(inner, to_string(Attribute(outside)) + " as outside", to_string(Attribute(inside)));
  }
}

Config parameters_of(const Config& config, const std::string& layer_type) {
  const Config all = config.object(new_place);
  if (!layer_type.empty()) return all.object(layer_type);
  for (const char* type : {"full_attention", "sliding_attention"}) {
    if (all.has(type)) all.fail(type, "absent: the class has one rotation", "an object");
  }
  return all;
}

}  // namespace

RopeValues read_rope(const Config& config, const RopeKeys& keys, const std::string& layer_type) {
  const Config older = config.object(old_place), newer = parameters_of(config, layer_type);
  const bool both = !config.is_empty(old_place) && config.has(new_place);
  if (both) {
    expect_agreement(older, newer);
    expect_kept(older, newer, "rope_theta", config.number(keys.base, keys.default_base));
    expect_kept(older, newer, "partial_rotary_factor",
                config.number(keys.share, keys.default_share));
  }
  const bool alone = !config.has(new_place) && layer_type.empty();
  if (alone) expect_known(config, older, keys);
  const Config& inner = alone ? older : newer;
  RopeValues values{
      .base = agreed(config, keys.base, inner, "rope_theta", keys.default_base),
      .share = agreed(config, keys.share, inner, "partial_rotary_factor", keys.default_share),
      .scaling = config.has(new_place) ? newer : older};
  // transformers 5 gives the config's own key priority over that of the object inside.
  const auto reading = {"llama3", "yarn", "longrope"};
  const bool reads = std::ranges::find(reading, scaling_type(values.scaling)) != reading.end();
  if (layer_type.empty() && reads) values.original = config.count_if_any(original_key, 0);
  return values;
}

namespace {

double required(const Config& scaling, std::string_view key) {
  if (!scaling.has(key)) scaling.fail(key, "a number", "none");
  return scaling.number(key, 0);
}

/// Copies the keys that are there and are numbers above zero, under the scheme's names.
void copy_numbers(const Config& scaling, std::initializer_list<std::string_view> keys,
                  Attributes& parameters) {
  for (std::string_view key : keys) {
    if (!scaling.has(key)) continue;
    const double number = scaling.number(key, 0);
    if (!(number > 0)) scaling.fail(key, "above 0", to_string(Attribute(number)));
    parameters.set(std::string(key), number);
  }
}

/// DeepSeek's two scales of YaRN: of rotated vectors, 0.1 scale ln(factor) + 1 of the one by the
/// other's.
void add_yarn_scales(const Config& scaling, double factor, Attributes& parameters) {
  const double scale = scaling.number("mscale", 0), all = scaling.number("mscale_all_dim", 0);
  if (scaling.has("attention_factor") || scale == 0 || all == 0 || factor <= 1) return;
  parameters.set("attention_factor",
                 (0.1 * scale * std::log(factor) + 1) / (0.1 * all * std::log(factor) + 1));
}

/// The paper and later versions read it; transformers 4.49 takes max_position_embeddings, as both
/// versions do for dynamic scaling.
int64_t original_length(const Config& scaling, const RopeExtent& extent) {
  if (scaling_type(scaling) == "dynamic") return extent.context;
  const int64_t inside = scaling.count(original_key, extent.context);
  return extent.original > 0 ? extent.original : inside;
}

/// A factor that YaRN and LongRoPE may leave out: how much longer than the original the context is.
double factor_of(const Config& scaling, const RopeExtent& extent, const std::string& type) {
  const bool ratio = (type == "yarn" && scaling.has(original_key)) || type == "longrope";
  if (!ratio || scaling.has("factor")) return required(scaling, "factor");
  return static_cast<double>(extent.context) /
         static_cast<double>(original_length(scaling, extent));
}

void add_factors(const Config& scaling, Attributes& parameters) {
  for (const char* key : {"short_factor", "long_factor"}) {
    if (!scaling.has(key)) scaling.fail(key, "a list of numbers", "none");
    parameters.set(key, scaling.numbers(key));
  }
}

void add_scaling(const Config& scaling, const RopeExtent& extent, Attributes& parameters) {
  const std::string type = scaling_type(scaling);
  if (type == "default") return;
  const auto known = {"linear", "dynamic", "yarn", "llama3", "longrope"};
  if (std::ranges::find(known, type) == known.end()) {
    scaling.fail("rope_type", "one of default, linear, dynamic, yarn, llama3, longrope",
                 "'" + type + "'");
  }
  const double factor = factor_of(scaling, extent, type);
  parameters.set("scaling", type);
  parameters.set("factor", factor);
  parameters.set("original", original_length(scaling, extent));
  if (type == "yarn") {
    copy_numbers(scaling, {"beta_fast", "beta_slow", "attention_factor"}, parameters);
    add_yarn_scales(scaling, factor, parameters);
    if (!scaling.boolean("truncate", true)) parameters.set("truncate", false);
  } else if (type == "longrope") {
    copy_numbers(scaling, {"attention_factor"}, parameters);
    add_factors(scaling, parameters);
    if (extent.renews) parameters.set("renew", true);
  } else if (type == "llama3") {
    parameters.set("low_freq_factor", required(scaling, "low_freq_factor"));
    parameters.set("high_freq_factor", required(scaling, "high_freq_factor"));
  }
}

/// Longer sequences are what a scaling is for: the original length is that of the training. Models
/// with LongRoPE and those with Llama 3's were trained on to their whole context.
void widen_context(GraphSpec& spec, const Attributes& rope) {
  const std::string scaling = rope.text("rope", "scaling", "none");
  if (scaling == "none" || scaling == "llama3" || scaling == "longrope") return;
  const int64_t original = rope.integer("rope", "original", spec.context);
  const auto reached =
      static_cast<int64_t>(static_cast<double>(original) * rope.number("rope", "factor", 1));
  if (spec.trained_context == 0) spec.trained_context = original;
  spec.context = scaling == "dynamic" ? 0 : std::max(spec.context, reached);
}

}  // namespace

Attributes rope_attributes(const RopeValues& rope, const RopeExtent& extent) {
  Attributes parameters{{"pairing", "half"}, {"base", rope.base}};
  if (extent.rotated > 0) parameters.set("dimensions", extent.rotated);
  RopeExtent known = extent;
  if (known.original == 0) known.original = rope.original;
  add_scaling(rope.scaling, known, parameters);
  return parameters;
}

void add_rope_encoding(GraphBuilder& graph, const RopeValues& rope, const RopeExtent& extent,
                       const std::string& path) {
  graph.encoding("position", {{{"rope", rope_attributes(rope, extent)}}, {}}, path);
  for (const SchemeChoice& link : graph.spec().encodings.at("position").chain) {
    if (link.name == "rope") widen_context(graph.spec(), link.parameters);
  }
}

void expect_head_dim(const Config& config, int64_t head_size) {
  if (config.count("head_dim", head_size) == head_size) return;
  config.fail("head_dim", std::to_string(head_size) + ", the width's share", "another number");
}

std::vector<bool> sliding_layers(const Config& config, std::vector<bool> fallback) {
  const std::string key = "layer_types";
  if (!config.has(key)) return fallback;
  const std::vector<std::string> types = config.names(key);
  if (types.size() != fallback.size()) {
    config.fail(key, std::to_string(fallback.size()) + " types, one for each layer",
                std::to_string(types.size()));
  }
  std::vector<bool> sliding;
  for (const std::string& type : types) {
    if (type != "full_attention" && type != "sliding_attention") {
      config.fail(key, "full_attention or sliding_attention", "'" + type + "'");
    }
    sliding.push_back(type == "sliding_attention");
  }
  return sliding;
}

}  // namespace locus::families
