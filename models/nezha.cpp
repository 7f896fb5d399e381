// NEZHA: Wei et al. 2019. Names: transformers' modeling_nezha.
#include "models/post_norm_encoder.hpp"

namespace locus {
namespace {

const std::string nezha_path = "nezha.";

}  // namespace

FamilyGraph build_nezha(const Config& config, const Weights& weights) {
  const PostNormConfig sizes(config, 21128);
  const std::string absent = weights.contains("cls.predictions.transform.dense.weight")
                                 ? "NezhaForMaskedLM"
                                 : "NezhaModel";
  const std::string architecture =
      config.architecture({"NezhaModel", "NezhaForMaskedLM", "NezhaForPreTraining"}, absent);
  const bool bare = architecture == "NezhaModel";
  GraphBuilder graph(config, weights, {nezha_path, bare});
  graph.spec().family = "nezha";
  graph.spec().task = bare ? "encoder" : sizes.decoder ? "causal-lm" : "masked-lm";
  graph.spec().width = sizes.width;
  graph.spec().context = config.count("max_position_embeddings", 512);

  // Fixed vectors, the same in all layers; distances beyond the clip share one (N-1).
  const Attributes clip{{"clip", config.count("max_relative_position", 64)}};
  graph.encoding("position", {{{"nezha", clip}}, {}}, nezha_path + "embeddings.position");
  const std::string embedded = add_embeddings(graph, sizes, nezha_path, "position");
  const std::string last =
      add_post_norm_layers(graph, sizes, nezha_path, embedded, [](int64_t) { return "position"; });
  graph.output("last_hidden_state", last);
  if (bare || architecture == "NezhaForPreTraining") add_pooler(graph, nezha_path, last);
  if (!bare) {
    add_masked_lm_head(graph, sizes, last, nezha_path + "embeddings.word_embeddings.weight");
  }
  graph.ignore("(nezha\\.)?embeddings\\.(position_ids|token_type_ids)");
  graph.ignore("(nezha\\.)?encoder\\.layer\\.\\d+\\..*positions_encoding");
  graph.ignore("(nezha\\.)?pooler\\.dense\\.(weight|bias)");
  graph.ignore("cls\\.seq_relationship\\.(weight|bias)");
  return graph.finish();
}

}  // namespace locus
