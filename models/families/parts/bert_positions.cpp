// The three values of BERT's `position_embedding_type`.
#include "models/families/parts/post_norm_encoder.hpp"

namespace locus::families {
namespace {

std::string distances_of(const BertPositions& positions, int64_t layer) {
  return positions.base + "encoder.layer." + std::to_string(layer) + "." + positions.distances;
}

/// Shaw's vectors on keys, without clipping; each layer has a table of its own.
std::string add_relative(GraphBuilder& graph, const BertPositions& positions,
                         const std::string& scheme, int64_t layer) {
  std::string name = "layer." + std::to_string(layer);
  const WeightRef table = graph.weight(distances_of(positions, layer));
  graph.encoding(name, {{{scheme, positions.relative}}, {{"table", table}}},
                 positions.base + "embeddings.position");
  return name;
}

void add_absolute(GraphBuilder& graph, const BertPositions& positions) {
  const std::string table = positions.base + "embeddings.position_embeddings.weight";
  const WeightSlots learned{{"table", graph.weight(table)}};
  Attributes offset;
  if (positions.offset > 0) offset.set("offset", positions.offset);
  graph.encoding("position", {{{"learned", offset}}, learned},
                 positions.base + "embeddings.position", {{"learned", learned}});
}

}  // namespace

std::vector<std::string> add_bert_positions(GraphBuilder& graph, const PostNormConfig& sizes,
                                            const BertPositions& positions) {
  const Config& config = graph.config();
  const std::string type = config.text("position_embedding_type", "absolute");
  const int64_t rows = graph.spec().context + positions.offset;
  // A checkpoint with relative positions has the table of absolute ones too, which nothing reads.
  graph.check_shape(positions.base + "embeddings.position_embeddings.weight",
                    {rows, sizes.embedding});
  if (type == "absolute") {
    add_absolute(graph, positions);
    return std::vector<std::string>(sizes.layers, "position");
  }
  if (type != "relative_key" && type != "relative_key_query") {
    config.fail("position_embedding_type", "absolute, relative_key or relative_key_query",
                "'" + type + "'");
  }
  std::vector<std::string> names;
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    graph.check_shape(distances_of(positions, layer), {2 * rows - 1, sizes.width / sizes.heads});
    names.push_back(add_relative(graph, positions, type, layer));
  }
  return names;
}

}  // namespace locus::families
