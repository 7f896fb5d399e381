#include "models/families/parts/disentangled_positions.hpp"

#include <cmath>

namespace locus::families {
namespace {

std::string named_terms(const Disentanglement& distances) {
  if (distances.keys && distances.queries) return "both";
  return distances.keys ? "c2p" : "p2c";
}

/// Vectors by distance: one table for all layers, which each layer projects.
EncodingSpec distance_encoding(const GraphBuilder& graph, const PostNormConfig& sizes,
                               const DisentangledPositions& positions, int64_t layer) {
  const Disentanglement& distances = positions.distances;
  const std::string encoder = positions.base + "encoder.";
  const std::string at = encoder + "layer." + std::to_string(layer) + ".attention.self.";
  Attributes attributes{{"terms", named_terms(distances)}};
  WeightSlots weights = graph.product("table", encoder + "rel_embeddings");
  if (distances.buckets > 0) {
    attributes.set("buckets", distances.buckets);
    attributes.set("max_distance", distances.max_distance);
  }
  if (distances.normalised) {
    attributes.set("norm", "layer");
    attributes.set("epsilon", sizes.epsilon);
    weights = weights + graph.affine("gain", encoder + "LayerNorm");
  }
  if (distances.keys) weights = weights + positions.projection(graph, at, "key");
  if (distances.queries) weights = weights + positions.projection(graph, at, "query");
  return {{{"disentangled", attributes}}, weights};
}

void add_biased_input(GraphBuilder& graph, const PostNormConfig& sizes, const std::string& base) {
  const std::string at = base + "embeddings.position", table = at + "_embeddings.weight";
  const WeightSlots learned{{"table", graph.weight(table)}};
  EncodingSpec added;
  if (graph.config().boolean("position_biased_input", true)) {
    graph.check_shape(table, {graph.spec().context, sizes.embedding});
    added = {{{"learned", {}}}, learned};
  }
  graph.encoding("position", added, at, {{"learned", learned}});
  graph.ignore("(deberta\\.)?embeddings\\.(position_ids|position_embeddings\\.weight)");
}

}  // namespace

Disentanglement read_disentanglement(const Config& config) {
  Disentanglement read;
  read.relative = config.boolean("relative_attention", false);
  const int64_t positions = config.count("max_position_embeddings", 512);
  read.max_distance = config.count_if_any("max_relative_positions", positions);
  for (const std::string& term : config.names("pos_att_type")) {
    const std::string found = "'" + term + "'";
    if (term != "c2p" && term != "p2c") config.fail("pos_att_type", "c2p, p2c or both", found);
    bool& known = term == "c2p" ? read.keys : read.queries;
    if (known) config.fail("pos_att_type", "each term once", found + " twice");
    known = true;
  }
  return read;
}

std::vector<std::string> add_disentangled_positions(GraphBuilder& graph,
                                                    const PostNormConfig& sizes,
                                                    const DisentangledPositions& positions) {
  add_biased_input(graph, sizes, positions.base);
  std::vector<std::string> names(static_cast<size_t>(sizes.layers), "position");
  const Disentanglement& distances = positions.distances;
  const std::string table = positions.base + "encoder.rel_embeddings.weight";
  if (!distances.relative || distances.terms() == 0) {
    graph.ignore("(deberta\\.)?encoder\\.(rel_embeddings|LayerNorm)\\.(weight|bias)");
    return names;
  }
  graph.check_shape(table, {distances.rows(), sizes.width});
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    std::string& name = names[static_cast<size_t>(layer)];
    name = "layer." + std::to_string(layer);
    graph.encoding(name, distance_encoding(graph, sizes, positions, layer),
                   positions.base + "embeddings.position");
  }
  return names;
}

double disentangled_scale(const PostNormConfig& sizes, const Disentanglement& distances) {
  const int64_t d = sizes.width / sizes.heads;
  return 1 / std::sqrt(static_cast<double>(d) * static_cast<double>(1 + distances.terms()));
}

}  // namespace locus::families
