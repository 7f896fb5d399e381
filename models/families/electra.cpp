// ELECTRA, generator and discriminator: Clark et al. 2020. Names: transformers' modeling_electra.
#include "models/families/parts/encoder_heads.hpp"

namespace locus::families {
namespace {

const std::string electra_path = "electra.";

/// The generator's: at the width of token vectors.
void add_generator(const EncoderEnd& end) {
  const std::string at = "generator_predictions.";
  add_masked_lm(
      end, {at + "gather", at + "activation", at + "dense", at + "LayerNorm", "generator_lm_head",
            "generator_lm_head.bias", end.base + "embeddings.word_embeddings.weight", "gelu"});
  end.graph.ignore("discriminator_predictions\\..*");
}

/// The discriminator's: a logit for each token, of its having been replaced.
void add_discriminator(const EncoderEnd& end) {
  const std::string at = "discriminator_predictions.", path = at + "dense_prediction";
  const std::string dense =
      end.graph.linear(at + "activation", end.last, at + "dense", end.sizes.activation);
  end.graph.check_shape(path + ".weight", {1, end.sizes.width});
  end.graph.output("logits", end.graph.linear(path, dense, path));
}

std::vector<EncoderHead> electra_heads() {
  return {
      {"ElectraModel", "encoder", [](const EncoderEnd&) {}},
      {"ElectraForMaskedLM", "masked-lm", add_generator, "generator_predictions.dense.weight"},
      {"ElectraForCausalLM", "masked-lm", add_generator},
      {"ElectraForPreTraining", "replaced-tokens", add_discriminator,
       "discriminator_predictions.dense.weight"},
      {"ElectraForSequenceClassification", "sequence-classification", classify_first("gelu")},
      {"ElectraForMultipleChoice", "multiple-choice", choose_summary({"first", true, "gelu"})},
      {"ElectraForTokenClassification", "token-classification", classify_tokens},
      {"ElectraForQuestionAnswering", "question-answering", find_span},
  };
}

FamilyGraph build_electra(const Config& config, const Weights& weights) {
  PostNormConfig sizes(config, {.width = 256, .heads = 4, .ffn_width = 1024});
  sizes.embedding = config.count("embedding_size", 128);
  const std::vector<EncoderHead> heads = electra_heads();
  const EncoderHead& head = choose_head(config, weights, heads);
  GraphBuilder graph(config, weights, {electra_path, head.task == "encoder"});
  graph.spec().family = "electra";
  graph.spec().width = sizes.width;
  graph.spec().context = config.count("max_position_embeddings", 512);

  const std::vector<std::string> encodings = add_bert_positions(graph, sizes, {electra_path});
  const std::string narrow =
      add_embeddings(graph, sizes, {electra_path + "embeddings.", encodings[0]});
  const std::string embedded =
      widen_embeddings(graph, sizes, electra_path + "embeddings_project", narrow);
  const std::string last = add_post_norm_layers(graph, sizes, electra_path, embedded,
                                                [&](int64_t layer) { return encodings[layer]; });
  finish_encoder(head, {graph, sizes, electra_path, last});
  graph.ignore(
      "(electra\\.)?embeddings\\.(position_ids|token_type_ids|position_embeddings\\.weight)");
  return graph.finish();
}

}  // namespace

Family electra() {
  return {
      .model_type = "electra",
      .build = build_electra,
      .special = {.pad = 0},
  };
}

}  // namespace locus::families
