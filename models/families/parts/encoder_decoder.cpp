#include "models/families/parts/encoder_decoder.hpp"

#include <cmath>

#include "models/families/parts/direction.hpp"
#include "models/families/parts/encoder_heads.hpp"
#include "models/families/parts/layer_parts.hpp"

namespace locus::families {
namespace {

constexpr double sequence_epsilon = 1e-5;  // the classes have no other

/// Keys of older configs that say what the class fixes.
void expect_style(const Config& config, std::string_view key, bool fixed) {
  if (config.boolean(key, fixed) == fixed) return;
  config.fail(key, fixed ? "true" : "false", fixed ? "false" : "true");
}

/// What transformers 5 takes for the encoder's: 4.49 writes copies.
void expect_copy(const Config& config, std::string_view copy, std::string_view key) {
  if (config.has(copy)) config.either(key, copy);
}

StackSizes read_stack(const Config& config, const std::string& stack, int64_t width) {
  const StackSizes sizes{config.layers(stack + "_layers", 12),
                         config.count(stack + "_attention_heads", 16),
                         config.count(stack + "_ffn_dim", 4096)};
  config.share("d_model", width, stack + "_attention_heads", sizes.heads);
  return sizes;
}

}  // namespace

SequenceConfig::SequenceConfig(const Config& config, const SequenceStyle& style)
    : vocabulary(config.count("vocab_size", style.vocabulary)),
      width(config.count(config.either("d_model", "hidden_size"), 1024)),
      context(config.count("max_position_embeddings", 1024)),
      encoder(read_stack(config, "encoder", width)),
      decoder(read_stack(config, "decoder", width)),
      scale(config.boolean("scale_embedding", style.scaled) ? std::sqrt(static_cast<double>(width))
                                                            : 1),
      activation(config.activation("activation_function", style.activation)),
      decoder_vocabulary(vocabulary) {
  expect_copy(config, "num_hidden_layers", "encoder_layers");
  expect_copy(config, "num_attention_heads", "encoder_attention_heads");
  expect_style(config, "normalize_before", style.norm_first);
  expect_style(config, "normalize_embedding", style.embedding_norm);
  expect_style(config, "add_final_layer_norm", style.last_norm);
  expect_style(config, "static_position_embeddings", style.positions.name == "sinusoidal");
}

namespace {

const std::string sequence_path = "model.", encoder_table = "model.encoder.embed_tokens",
                  decoder_table = "model.decoder.embed_tokens", shared_table = "model.shared";

/// One of the two stacks.
struct SequenceStack {
  std::string name;  ///< `encoder` or `decoder`; also the name of its encoding
  std::string ids;
  StackSizes sizes;
  int64_t vocabulary = 0;
  std::string visibility;
  std::string memory = {};  ///< the encoder's last node, for the decoder of a pair
  Attributes shift = {};    ///< of the embedding of a decoder that reads the encoder's text
  std::string path() const { return sequence_path + name + "."; }
};

struct SequenceBuilder {
  GraphBuilder& graph;
  const SequenceConfig& config;
  const SequenceStyle& style;
  NormMaker norm;

  /// The names of the table that a stack reads, or the head where `own` is empty; the first that
  /// is stored counts. As a rule one table has all of them, and files hold any.
  std::vector<std::string> table_names(const std::string& own) const {
    const std::string first = own.empty() ? decoder_table : own;
    const bool ties = ties_words(graph.config(), true);
    const bool newer = saved_by_transformers_5(graph.config());
    std::vector<std::string> names{first};
    if (!config.shared_tables) {
      if (ties && first == decoder_table) names.emplace_back("lm_head");
      return names;
    }
    const bool alone = graph.spec().task == "causal-lm";
    if (!newer && (ties || !style.reads_shared)) {  // one table for all
      names = {decoder_table, encoder_table};
      names.insert(style.reads_shared && !alone ? names.begin() : names.end(), shared_table);
      if (ties) names.emplace_back("lm_head");
    } else if (!newer) {  // it is shared whatever is said, where 5 misses its copies
      names.push_back(shared_table);
    } else if (ties) {  // 5 reads what is stored by each name
      names.insert(own.empty() ? names.begin() : names.end(), shared_table);
      names.insert(names.end(), {"lm_head", encoder_table, decoder_table});
    }
    return names;
  }

  std::string table(const std::string& own) const {
    const std::vector<std::string> names = table_names(own);
    for (const std::string& name : names) {
      if (graph.stored(name + ".weight")) return name;
    }
    return names.front();
  }

  void add_encoding(const SequenceStack& stack) const {
    const std::string position = stack.path() + "position",
                      table = stack.path() + "embed_positions";
    if (style.positions.name == "learned") {
      graph.learned_encoding({stack.name, position, table, config.context, config.width,
                              style.positions.parameters.integer(stack.name, "offset", 0)});
      return;
    }
    // A sinusoid that the file leaves out is computed.
    WeightSlots stored;
    if (graph.stored(table + ".weight")) {
      graph.check_shape(table + ".weight", {config.context, config.width});
      stored = {{"table", graph.weight(table + ".weight")}};
      graph.ignore(".*embed_positions\\.weight");
    }
    graph.encoding(stack.name, {{style.positions}, stored}, position);
  }

  std::string add_embeddings(const SequenceStack& stack) const {
    const std::string path = stack.path() + "embed_tokens", table = this->table(path) + ".weight";
    graph.check_shape(table, {stack.vocabulary, config.width});
    Attributes attributes = stack.shift;
    if (config.scale != 1) attributes.set("scale", config.scale);
    const std::string words = graph.add({
        .name = path,
        .kind = "embedding",
        .inputs = {stack.ids},
        .attributes = attributes,
        .weights = {{"table", graph.weight(table)}},
    });
    Attributes rows;
    if (style.skips_padding) {
      rows = {{"padding", graph.config().whole("pad_token_id", 1)}, {"padding_rows", "none"}};
    }
    const std::string placed = graph.position(stack.path() + "position", words, stack.name, rows);
    return style.embedding_norm ? norm(stack.path() + "layernorm_embedding", placed) : placed;
  }

  /// Attention over `stack.memory` where `encoding` is empty.
  NodeSpec attention(const SequenceStack& stack, const std::string& at,
                     const std::string& encoding) const {
    const std::string visibility = encoding.empty() ? "all" : stack.visibility;
    NodeSpec node{
        .name = at + "out_proj",
        .kind = "attention",
        .attributes = {{"heads", stack.sizes.heads},
                       {"head_size", config.width / stack.sizes.heads},
                       {"visibility", visibility}},
        .weights = projection_weights(graph, {.at = at}),
        .encoding = encoding,
    };
    if (encoding.empty()) node.inputs = {stack.memory};
    return node;
  }

  std::string add_layer(const SequenceStack& stack, int64_t layer, std::string last) const {
    const std::string block = stack.path() + "layers." + std::to_string(layer), at = block + ".";
    const Residual residual = style.norm_first ? add_pre_norm : add_post_norm;
    last = residual(graph, norm,
                    {attention(stack, at + "self_attn.", stack.name), at + "self_attn_layer_norm",
                     at + "self_attn.add"},
                    last);
    if (!stack.memory.empty()) {
      last = residual(graph, norm,
                      {attention(stack, at + "encoder_attn.", ""), at + "encoder_attn_layer_norm",
                       at + "encoder_attn.add"},
                      last);
    }
    const NodeSpec fed = feed_forward_node(
        graph, {at + "fc1", at + "fc2", config.width, stack.sizes.ffn_width, config.activation});
    const std::string sum = style.norm_first ? block : at + "add";
    return residual(graph, norm, {fed, at + "final_layer_norm", sum}, last);
  }

  std::string add_stack(const SequenceStack& stack) const {
    add_encoding(stack);
    std::string last = add_embeddings(stack);
    for (int64_t layer = 0; layer < stack.sizes.layers; ++layer) {
      last = add_layer(stack, layer, last);
    }
    return style.last_norm ? norm(stack.path() + "layer_norm", last) : last;
  }

  void add_head(const std::string& last) const {
    LmHead head{"lm_head", table("") + ".weight",
                /*tied=*/true};
    if (graph.stored("final_logits_bias")) {
      head.bias = {{"bias", {"final_logits_bias", {reshape({-1})}}}};
    }
    graph.lm_head(head, last);
  }
};

}  // namespace

namespace {

const std::string decoder_alone = "ForCausalLM", end_classifier = "ForSequenceClassification",
                  span_finder = "ForQuestionAnswering";

std::string sequence_class(const Config& config, const SequenceStyle& style) {
  const std::string prefix = style.bare.substr(0, style.bare.size() - 5);  // without `Model`
  std::vector<std::string> known{style.bare, style.headed, prefix + decoder_alone};
  if (style.classifies) {
    known.push_back(prefix + end_classifier);
    known.push_back(prefix + span_finder);
  }
  return config.architecture(known, style.headed);
}

/// The decoder without its encoder, whose weights may be there.
FamilyGraph build_decoder(SequenceBuilder builder) {
  GraphBuilder& graph = builder.graph;
  const SequenceConfig& sizes = builder.config;
  graph.spec().task = "causal-lm";
  const std::string last =
      builder.add_stack({"decoder", "ids", sizes.decoder, sizes.decoder_vocabulary, "causal"});
  graph.output("last_hidden_state", last);
  graph.lm_head({"lm_head", builder.table(decoder_table) + ".weight", /*tied=*/true}, last);
  graph.ignore("(model\\.)?decoder\\.layers\\.\\d+\\.encoder_attn(_layer_norm)?\\..*");
  graph.ignore("(model\\.)?encoder\\..*|final_logits_bias");
  return graph.finish();
}

FamilyGraph build_pair(SequenceBuilder builder, const std::string& architecture) {
  GraphBuilder& graph = builder.graph;
  const SequenceConfig& sizes = builder.config;
  const std::string memory =
      builder.add_stack({"encoder", "ids", sizes.encoder, sizes.vocabulary, "all"});
  graph.output("encoder_last_hidden_state", memory);
  SequenceStack decoder{"decoder", "decoder_ids", sizes.decoder, sizes.decoder_vocabulary,
                        "causal",  memory};
  if (architecture.ends_with(end_classifier) || architecture.ends_with(span_finder)) {
    decoder.shift = builder.style.shift(graph.config());
  }
  const std::string last = builder.add_stack(decoder);
  graph.output("last_hidden_state", last);
  if (architecture == builder.style.headed) {
    builder.add_head(last);
  } else {
    graph.ignore("final_logits_bias");
  }
  if (architecture.ends_with(end_classifier)) {
    graph.spec().task = classification_task(graph.config());
    classify_end(graph, last);
  } else if (architecture.ends_with(span_finder)) {
    graph.spec().task = "question-answering";
    add_span(graph, last, "qa_outputs");
  }
  return graph.finish();
}

}  // namespace

FamilyGraph build_encoder_decoder(const SequenceConfig& sizes, const SequenceStyle& style,
                                  const Config& config, const Weights& weights) {
  config.idle({"is_decoder"});  // each stack knows what it is
  expect_one_side(config);
  const std::string architecture = sequence_class(config, style);
  GraphBuilder graph(config, weights, {sequence_path, architecture == style.bare});
  graph.describe(style.family, "sequence-to-sequence", {sizes.width, sizes.context});
  graph.ignore("(model\\.)?(shared|(encoder|decoder)\\.embed_tokens)\\.weight|lm_head\\.weight");
  graph.ignore("(model\\.)?(encoder|decoder)\\.version");
  const SequenceBuilder builder{graph, sizes, style, layer_norm_of(graph, sequence_epsilon)};
  return architecture.ends_with(decoder_alone) ? build_decoder(builder)
                                               : build_pair(builder, architecture);
}

}  // namespace locus::families
