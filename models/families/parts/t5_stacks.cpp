#include "models/families/parts/t5_stacks.hpp"

#include <algorithm>
#include <cmath>

#include "models/families/parts/decoder_shift.hpp"
#include "models/families/parts/direction.hpp"
#include "models/families/parts/encoder_heads.hpp"

namespace locus::families {
namespace {

/// The class takes null over as it stands, where it counts as false.
bool stated_flag(const Config& config, const char* key, bool fallback) {
  return !config.is_null(key) && config.boolean(key, fallback);
}

struct T5Config {
  T5Config(const Config& config, const T5Style& style)
      : vocabulary(config.count("vocab_size", style.vocabulary)),
        width(config.count(config.either("d_model", "hidden_size"), 512)),
        head_size(config.count(config.either("d_kv", "head_dim"), 64)),
        ffn_width(config.count("d_ff", style.ffn_width)),
        layers(config.layers(config.either("num_layers", "num_hidden_layers"), style.layers)),
        decoder_layers(config.layers("num_decoder_layers", layers)),
        heads(config.count(config.either("num_heads", "num_attention_heads"), style.heads)),
        buckets(config.count("relative_attention_num_buckets", 32)),
        max_distance(config.count("relative_attention_max_distance", 128)),
        epsilon(config.number("layer_norm_epsilon", 1e-6)),
        tied(ties_words(config, style.tied)),
        bias_by_layer(style.bias_by_layer) {
    const std::string key = "feed_forward_proj", name = config.text(key, style.feed_forward);
    gated = name.starts_with("gated-");
    activation = config.known_activation(key, gated ? name.substr(6) : name);
    if (name == "gated-gelu") activation = "gelu_new";
    // The class derives both from it, then lets values that the config states take their place.
    gated = stated_flag(config, "is_gated_act", gated);
    activation = config.activation("dense_act_fn", activation);
  }

  int64_t vocabulary, width, head_size, ffn_width, layers, decoder_layers, heads, buckets,
      max_distance;
  double epsilon;
  bool tied, bias_by_layer, gated = false;
  bool decodes = true, headed = true;  ///< whether the class has a decoder, and makes logits
  std::string activation;
};

/// One of the two stacks.
struct Stack {
  std::string name;  ///< `encoder` or `decoder`: its encoding's, or what theirs begin with
  std::string path;  ///< the same after the base's path
  int64_t layers = 0;
  std::string visibility;
  std::string memory = {};  ///< the encoder's last node, for the decoder
};

WeightSlots attention_weights(const GraphBuilder& graph, const std::string& at) {
  return graph.product("query", at + ".q") + graph.product("key", at + ".k") +
         graph.product("value", at + ".v") + graph.product("output", at + ".o");
}

/// Scores are not divided by sqrt(d), and heads times d need not make the width.
Attributes attention_attributes(const T5Config& config, const std::string& visibility) {
  return {{"heads", config.heads},
          {"head_size", config.head_size},
          {"scale", 1.0},
          {"visibility", visibility}};
}

/// The table of layer 0 serves all layers of its stack, or each layer has its own.
std::string encoding_of(const T5Config& config, const Stack& stack, int64_t layer) {
  return config.bias_by_layer ? stack.name + "." + std::to_string(layer) : stack.name;
}

std::string add_self_attention(GraphBuilder& graph, const T5Config& config, const Stack& stack,
                               int64_t layer, const std::string& input) {
  const std::string at = stack.path + ".block." + std::to_string(layer) + ".layer.0";
  const std::string attended = graph.add({
      .name = at + ".SelfAttention.o",
      .kind = "attention",
      .inputs = {graph.rms_norm(at + ".layer_norm", input, config.epsilon)},
      .attributes = attention_attributes(config, stack.visibility),
      .weights = attention_weights(graph, at + ".SelfAttention"),
      .encoding = encoding_of(config, stack, layer),
  });
  return graph.sum(at, input, attended);
}

/// Cross-attention has no encoding.
std::string add_cross_attention(GraphBuilder& graph, const T5Config& config, const Stack& stack,
                                const std::string& at, const std::string& input) {
  const std::string attended = graph.add({
      .name = at + ".EncDecAttention.o",
      .kind = "attention",
      .inputs = {graph.rms_norm(at + ".layer_norm", input, config.epsilon), stack.memory},
      .attributes = attention_attributes(config, "all"),
      .weights = attention_weights(graph, at + ".EncDecAttention"),
  });
  return graph.sum(at, input, attended);
}

std::string add_feed_forward(GraphBuilder& graph, const T5Config& config, const std::string& at,
                             const std::string& input) {
  const std::string dense = at + ".DenseReluDense.";
  graph.check_shape(dense + (config.gated ? "wi_1.weight" : "wi.weight"),
                    {config.ffn_width, config.width});
  const WeightSlots up =
      config.gated ? graph.product("gate", dense + "wi_0") + graph.product("up", dense + "wi_1")
                   : graph.product("up", dense + "wi");
  const std::string fed = graph.add({
      .name = dense + "wo",
      .kind = "feed_forward",
      .inputs = {graph.rms_norm(at + ".layer_norm", input, config.epsilon)},
      .attributes = {{"activation", config.activation}},
      .weights = up + graph.product("down", dense + "wo"),
  });
  return graph.sum(at, input, fed);
}

void add_encoding(GraphBuilder& graph, const T5Config& config, const Stack& stack, int64_t layer) {
  const bool causal = stack.visibility == "causal";
  const Attributes parameters{{"buckets", config.buckets},
                              {"max_distance", config.max_distance},
                              {"direction", causal ? "past" : "both"}};
  const std::string table = stack.path + ".block." + std::to_string(layer) +
                            ".layer.0.SelfAttention.relative_attention_bias.weight";
  graph.encoding(encoding_of(config, stack, layer),
                 {{{"t5", parameters}}, {{"table", graph.weight(table)}}},
                 stack.path + ".position");
}

std::string add_stack(GraphBuilder& graph, const T5Config& config, const Stack& stack,
                      const std::string& embedded) {
  const int64_t tables = config.bias_by_layer ? stack.layers : 1;
  for (int64_t layer = 0; layer < tables; ++layer) add_encoding(graph, config, stack, layer);
  std::string last =
      graph.position(stack.path + ".position", embedded, encoding_of(config, stack, 0));
  for (int64_t layer = 0; layer < stack.layers; ++layer) {
    const std::string at = stack.path + ".block." + std::to_string(layer) + ".layer.";
    last = add_self_attention(graph, config, stack, layer, last);
    if (!stack.memory.empty()) last = add_cross_attention(graph, config, stack, at + "1", last);
    last = add_feed_forward(graph, config, at + (stack.memory.empty() ? "1" : "2"), last);
  }
  return graph.rms_norm(stack.path + ".final_layer_norm", last, config.epsilon);
}

/// Whether the config is read as transformers 5 reads it.
bool is_newer(const Config& config) {
  return config.has("scale_decoder_outputs") || saved_by_transformers_5(config);
}

/// The table that a stack reads, or the head where `stack` is empty. It has several names, and some
/// files hold one of them alone. transformers 5 reads what is stored by each; for 4.49 they are one
/// module, and what is read last counts.
std::string embedding_table(const GraphBuilder& graph, const T5Config& config,
                            const std::string& stack) {
  const auto path = [&](const std::string& name) { return graph.base() + name; };
  const std::string encoder = path("encoder.embed_tokens"), decoder = path("decoder.embed_tokens");
  const bool newer = is_newer(graph.config());
  std::vector<std::string> names{path("shared")};
  if (newer && !stack.empty()) names.insert(names.begin(), path(stack + ".embed_tokens"));
  names.insert(newer ? names.end() : names.begin(), encoder);
  if (config.decodes) names.insert(newer ? names.end() : names.begin(), decoder);
  if (config.headed && (newer || config.tied)) names.emplace_back("lm_head");
  for (const std::string& name : names) {
    if (graph.stored(name + ".weight")) return name;
  }
  return path("shared");
}

/// The embedding of a stack.
struct T5Words {
  std::string stack, path, ids;
  Attributes shift = {};  ///< of a decoder that reads the encoder's text
};

std::string add_embedding(GraphBuilder& graph, const T5Config& config, const T5Words& words) {
  const std::string table = embedding_table(graph, config, words.stack) + ".weight";
  graph.check_shape(table, {config.vocabulary, config.width});
  return graph.add({
      .name = words.path + ".embed_tokens",
      .kind = "embedding",
      .inputs = {words.ids},
      .attributes = words.shift,
      .weights = {{"table", graph.weight(table)}},
  });
}

/// transformers 5 always ties, unless the file has a head of its own, and says beside it whether
/// the decoder's output is scaled; mT5 never does it there.
void add_newer_head(GraphBuilder& graph, const T5Config& config, const std::string& last) {
  const bool own = graph.stored("lm_head.weight");
  LmHead head{"lm_head", own ? "lm_head.weight" : embedding_table(graph, config, "") + ".weight"};
  head.tied = true;
  const bool scaled = graph.spec().family != "mt5" &&
                      stated_flag(graph.config(), "scale_decoder_outputs", config.tied);
  if (scaled) head.scale = 1 / std::sqrt(static_cast<double>(config.width));
  graph.lm_head(head, last);
}

/// Tied logits are of the decoder's output divided by sqrt(D).
void add_head(GraphBuilder& graph, const T5Config& config, const std::string& last) {
  if (is_newer(graph.config())) return add_newer_head(graph, config, last);
  LmHead head{"lm_head", embedding_table(graph, config, "") + ".weight", config.tied};
  if (config.tied) head.scale = 1 / std::sqrt(static_cast<double>(config.width));
  graph.lm_head(head, last);
}

/// What a class puts on top.
struct T5Class {
  std::string suffix;  ///< of its name, after the family's
  std::string task, base;
  bool decodes;  ///< whether it has a decoder
  void (*add)(GraphBuilder& graph, const T5Config& config, const std::string& last);
};

const std::vector<T5Class>& t5_classes() {
  static const std::vector<T5Class> table{
      {"ForConditionalGeneration", "sequence-to-sequence", "", true, add_head},
      {"EncoderModel", "encoder", "", false,
       [](GraphBuilder&, const T5Config&, const std::string&) {}},
      {"Model", "sequence-to-sequence", "", true,
       [](GraphBuilder&, const T5Config&, const std::string&) {}},
      {"WithLMHeadModel", "sequence-to-sequence", "", true, add_head},
      {"ForSequenceClassification", "sequence-classification", "transformer.", true,
       [](GraphBuilder& graph, const T5Config&, const std::string& last) {
         graph.spec().task = classification_task(graph.config());
         classify_end(graph, last);
       }},
      {"ForTokenClassification", "token-classification", "transformer.", false,
       [](GraphBuilder& graph, const T5Config&, const std::string& last) {
         add_token_classes(graph, "classifier", last);
       }},
      {"ForQuestionAnswering", "question-answering", "", true,
       [](GraphBuilder& graph, const T5Config&, const std::string& last) {
         add_span(graph, last, "qa_outputs");
       }},
  };
  return table;
}

/// The class that the config names; without a name the usual one, or the encoder that is stored.
const T5Class& choose_class(const Config& config, const Weights& weights, const T5Style& style) {
  const bool decodes = weights.contains("decoder.final_layer_norm.weight");
  std::vector<std::string> known;
  for (const T5Class& each : t5_classes()) known.push_back(style.classes + each.suffix);
  const std::string name = config.architecture(known, known[decodes ? 0 : 1]);
  return *std::ranges::find(t5_classes(), name.substr(style.classes.size()), &T5Class::suffix);
}

/// Two stacks know what each is; the reference makes a decoder of an encoder alone that is said to
/// be one, and lets a decoder that is said to have no encoder read none.
void check_stacks(const Config& config, const T5Class& chosen) {
  if (!chosen.decodes && config.boolean("is_decoder", false)) {
    config.fail("is_decoder", "false for a class without a decoder", "true");
  }
  if (chosen.decodes && !config.boolean("is_encoder_decoder", true)) {
    config.fail("is_encoder_decoder", "true for a class with a decoder", "false");
  }
  if (chosen.decodes) expect_one_side(config);
  config.idle({"is_decoder", "is_encoder_decoder"});
}

}  // namespace

FamilyGraph build_t5_stacks(const T5Style& style, const Config& config, const Weights& weights) {
  T5Config sizes(config, style);
  const T5Class& chosen = choose_class(config, weights, style);
  sizes.decodes = chosen.decodes;
  sizes.headed = chosen.add == add_head;
  check_stacks(config, chosen);
  GraphBuilder graph(config, weights, {chosen.base, false});
  graph.describe(style.family, chosen.task, {sizes.width, 0});
  graph.ignore(
      "(transformer\\.)?(shared|(encoder|decoder)\\.embed_tokens)\\.weight|lm_head\\.weight");
  graph.ignore(
      ".*decoder\\.block\\.0\\.layer\\.1\\.EncDecAttention\\.relative_attention_bias\\.weight");

  const Stack encoder{"encoder", chosen.base + "encoder", sizes.layers, "all"};
  std::string last = add_stack(graph, sizes, encoder,
                               add_embedding(graph, sizes, {encoder.name, encoder.path, "ids"}));
  if (chosen.decodes) {
    graph.output("encoder_last_hidden_state", last);
    const Stack decoder{"decoder", chosen.base + "decoder", sizes.decoder_layers, "causal", last};
    T5Words words{decoder.name, decoder.path, "decoder_ids"};
    if (chosen.task != "sequence-to-sequence") words.shift = shift_after_start(config);
    last = add_stack(graph, sizes, decoder, add_embedding(graph, sizes, words));
  } else {
    graph.ignore("(transformer\\.)?decoder\\..*");
  }
  graph.output("last_hidden_state", last);
  chosen.add(graph, sizes, last);
  return graph.finish();
}

}  // namespace locus::families
