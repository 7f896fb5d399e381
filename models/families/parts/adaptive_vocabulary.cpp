#include "models/families/parts/adaptive_vocabulary.hpp"

#include <cmath>

namespace locus::families {
namespace {

/// `cutoffs` and the vocabulary's size: where each cluster ends.
std::vector<int64_t> cluster_ends(const Config& config) {
  const int64_t size = config.count("vocab_size", 267735);
  std::vector<int64_t> ends{20000, 40000, 200000};
  if (config.has("cutoffs")) {
    const std::vector<int32_t> cutoffs = config.ids("cutoffs");
    ends.assign(cutoffs.begin(), cutoffs.end());
  }
  ends.push_back(size);
  int64_t last = 0;
  for (const int64_t end : ends) {
    if (end <= last)
      config.fail("cutoffs", "rising, from 1 to below 'vocab_size'", std::to_string(end));
    last = end;
  }
  // A node takes so many inputs.
  if (ends.size() > 16) config.fail("cutoffs", "at most 15", std::to_string(ends.size() - 1));
  return ends;
}

}  // namespace

AdaptiveVocabulary::AdaptiveVocabulary(const Config& config, int64_t model_width)
    : model_width_(model_width) {
  const int64_t width = config.count("d_embed", 1024), divisor = config.count("div_val", 4);
  one_table_ = divisor == 1;
  int64_t first = 0, narrower = width;
  for (const int64_t end : cluster_ends(config)) {
    if (narrower < 1) {
      config.fail("d_embed", "wide enough for each cluster", std::to_string(width));
    }
    clusters_.push_back({first, end, narrower});
    first = end;
    narrower /= divisor;
  }
  const bool all = config.boolean("proj_share_all_but_first", true);
  shared_projections_ = config.booleans("tie_projs");
  if (shared_projections_.empty()) {
    shared_projections_.assign(clusters_.size(), all);
    shared_projections_[0] = false;
  }
  shared_projections_.resize(clusters_.size(), false);
}

namespace {

std::string numbered(const std::string& path, size_t index) {
  return path + "." + std::to_string(index);
}

/// Rows of one cluster's ids, zeros elsewhere, at the width of the model.
std::string add_cluster(GraphBuilder& graph, const AdaptiveVocabulary& vocabulary,
                        const std::string& path, size_t index) {
  const AdaptiveVocabulary::Cluster& cluster = vocabulary.clusters()[index];
  const std::string table = numbered(path + ".emb_layers", index);
  const int64_t rows = vocabulary.one_table() ? vocabulary.size() : cluster.end - cluster.first;
  graph.check_shape(table + ".weight", {rows, cluster.width});
  Attributes attributes{{"scale", std::sqrt(static_cast<double>(vocabulary.model_width()))}};
  if (rows < vocabulary.size()) {
    attributes.set("first", cluster.first);
    attributes.set("vocabulary", vocabulary.size());
  }
  const bool last = !vocabulary.projected();
  std::string vectors = graph.add({
      .name = last ? path : table,
      .kind = "embedding",
      .inputs = {"ids"},
      .attributes = attributes,
      .weights = graph.product("table", table),
  });
  if (last) return vectors;
  const std::string projection = numbered(path + ".emb_projs", index);
  graph.check_shape(projection, {vocabulary.model_width(), cluster.width});
  const bool alone = vocabulary.one_table() || vocabulary.clusters().size() == 1;
  return graph.add({
      .name = alone ? path : projection,
      .kind = "linear",
      .inputs = {vectors},
      .weights = {{"weight", graph.weight(projection)}},
  });
}

}  // namespace

std::string add_adaptive_embedding(GraphBuilder& graph, const AdaptiveVocabulary& vocabulary,
                                   const std::string& path) {
  const size_t tables = vocabulary.one_table() ? 1 : vocabulary.clusters().size();
  std::string sum = add_cluster(graph, vocabulary, path, 0);
  for (size_t index = 1; index < tables; ++index) {
    const std::string next = add_cluster(graph, vocabulary, path, index);
    sum = graph.sum(index + 1 == tables ? path : numbered(path + ".add", index), sum, next);
  }
  return sum;
}

namespace {

/// The weight and bias of a cluster's logits; the head's first has a row for each other cluster.
WeightSlots logit_weights(GraphBuilder& graph, const AdaptiveVocabulary& vocabulary,
                          const AdaptivePaths& paths, size_t index) {
  const auto& [first, end, width] = vocabulary.clusters()[index];
  const size_t layer = vocabulary.one_table() ? 0 : index;
  const std::string own = numbered(paths.head + ".out_layers", layer);
  const std::string table = numbered(paths.embedding + ".emb_layers", layer);
  WeightRef weight = graph.head_weight({own + ".weight", table + ".weight"});
  WeightRef bias = graph.weight(own + ".bias");
  if (vocabulary.one_table()) {
    weight.steps.push_back(slice(0, first, end));
    bias.steps.push_back(slice(0, first, end));
  }
  if (index == 0 && vocabulary.clusters().size() > 1) {
    WeightStep joined;
    joined.kind = WeightStep::Kind::concatenate;
    joined.others = {graph.weight(paths.head + ".cluster_weight")};
    weight.steps.push_back(joined);
    joined.others = {graph.weight(paths.head + ".cluster_bias")};
    bias.steps.push_back(joined);
  }
  return {{"weight", weight}, {"bias", bias}};
}

std::string add_logits(GraphBuilder& graph, const AdaptiveVocabulary& vocabulary,
                       const AdaptivePaths& paths, size_t index) {
  std::string rows = paths.head + ".gather";
  if (vocabulary.projected()) {
    const std::string own = numbered(paths.head + ".out_projs", index);
    const size_t table = vocabulary.one_table() ? 0 : index;
    const bool shared = vocabulary.shares_projection(index) || !graph.stored(own);
    const std::string stored = shared ? numbered(paths.embedding + ".emb_projs", table) : own;
    WeightRef turned = graph.weight(stored);
    turned.steps = {permute({1, 0})};
    rows = graph.add({
        .name = own,
        .kind = "linear",
        .inputs = {rows},
        .weights = {{"weight", turned}},
    });
  }
  return graph.add({
      .name = numbered(paths.head + ".out_layers", index),
      .kind = "linear",
      .inputs = {rows},
      .weights = logit_weights(graph, vocabulary, paths, index),
  });
}

}  // namespace

void add_adaptive_softmax(GraphBuilder& graph, const AdaptiveVocabulary& vocabulary,
                          const AdaptivePaths& paths, const std::string& input) {
  graph.requested(paths.head + ".gather", input);
  std::vector<std::string> logits;
  for (size_t index = 0; index < vocabulary.clusters().size(); ++index) {
    logits.push_back(add_logits(graph, vocabulary, paths, index));
  }
  graph.output("logits", graph.add({
                             .name = paths.head,
                             .kind = "adaptive_softmax",
                             .inputs = logits,
                         }));
}

}  // namespace locus::families
