// RoFormer: Su et al. 2021. Names: transformers' modeling_roformer.
#include "models/post_norm_encoder.hpp"

namespace locus {
namespace {

const std::string roformer_path = "roformer.";

/// Token vectors of `embedding_size`, normalised there, then as wide as the layers.
std::string add_narrow_embeddings(GraphBuilder& graph, const PostNormConfig& sizes) {
  const Config& config = graph.config();
  const int64_t narrow = config.count("embedding_size", sizes.width);
  const std::string at = roformer_path + "embeddings.";
  const std::string words =
      graph.embedding(at + "word_embeddings", "ids", {sizes.vocabulary, narrow});
  const std::string types =
      graph.embedding(at + "token_type_embeddings", "type_ids", {sizes.types, narrow});
  const std::string norm =
      graph.layer_norm(at + "LayerNorm", graph.sum(at + "add", words, types), sizes.epsilon);
  if (narrow == sizes.width) return norm;
  const std::string project = roformer_path + "embeddings_project";
  return graph.add({project, "linear", {norm}, {}, graph.affine("weight", project), {}});
}

}  // namespace

FamilyGraph build_roformer(const Config& config, const Weights& weights) {
  const PostNormConfig sizes(config, 50000);
  const std::string absent = weights.contains("cls.predictions.transform.dense.weight")
                                 ? "RoFormerForMaskedLM"
                                 : "RoFormerModel";
  const std::string architecture =
      config.architecture({"RoFormerModel", "RoFormerForMaskedLM", "RoFormerForCausalLM"}, absent);
  const bool bare = architecture == "RoFormerModel";
  GraphBuilder graph(config, weights, {roformer_path, bare});
  graph.spec().family = "roformer";
  graph.spec().task = bare ? "encoder" : sizes.decoder ? "causal-lm" : "masked-lm";
  graph.spec().width = sizes.width;
  graph.spec().context = config.count("max_position_embeddings", 1536);

  const Attributes rope{{"pairing", std::string("interleaved")},
                        {"rotate_value", config.boolean("rotary_value", false)}};
  const std::string position = roformer_path + "encoder.position";
  graph.encoding("position", {{{"rope", rope}}, {}}, position);
  const std::string embedded =
      graph.position(position, add_narrow_embeddings(graph, sizes), "position");
  const std::string last = add_post_norm_layers(graph, sizes, roformer_path, embedded,
                                                [](int64_t) { return "position"; });
  graph.output("last_hidden_state", last);
  if (!bare) {
    add_masked_lm_head(graph, sizes, last, roformer_path + "embeddings.word_embeddings.weight");
  }
  // The reference stores the sinusoid that it computes.
  graph.ignore("(roformer\\.)?encoder\\.embed_positions\\.weight");
  return graph.finish();
}

}  // namespace locus
