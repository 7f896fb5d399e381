#include "models/families/parts/swin_stages.hpp"

#include "models/families/parts/encoder_heads.hpp"

namespace locus::families {
namespace {

/// A height and a width; one number stands for both.
MapSize read_map_size(const Config& config, std::string_view key, int64_t fallback) {
  const std::vector<int64_t> sides = config.counts_of_each(key, 2, fallback, 65536);
  return {sides.front(), sides.back()};
}

}  // namespace

SwinSizes::SwinSizes(const Config& config)
    : image(read_map_size(config, "image_size", 224)),
      patch(read_map_size(config, "patch_size", 4)),
      channels(config.count("num_channels", 3, 4096)),
      width(config.count("embed_dim", 96, 65536)),
      window(config.count("window_size", 7, 1024)),
      depths(config.counts("depths", {2, 2, 6, 2}, 1024)),
      heads(config.counts(config.either("num_heads", "num_attention_heads"), {3, 6, 12, 24})),
      ratio(config.number("mlp_ratio", 4)),
      biased(config.boolean("qkv_bias", true)),
      absolute(config.boolean("use_absolute_embeddings", false)),
      epsilon(config.number("layer_norm_eps", 1e-5)),
      activation(config.activation("hidden_act", "gelu")) {
  constexpr size_t max_stages = 8;  // a map of 2^8 patches a side is one patch then
  const auto stages = static_cast<int64_t>(depths.size());
  if (depths.size() > max_stages) config.fail("depths", "8 stages at most", std::to_string(stages));
  if (heads.size() != depths.size()) {
    config.fail("num_heads", "a number for each of " + std::to_string(stages) + " stages",
                std::to_string(heads.size()));
  }
  config.expect(config.either("num_layers", "num_hidden_layers"), stages);
  config.expect("hidden_size", width_of(depths.size() - 1));
  for (size_t stage = 0; stage < depths.size(); ++stage) {
    config.share("embed_dim", width_of(stage), "num_heads", heads[stage]);
  }
  if (!(ratio * static_cast<double>(width) >= 1 && ratio <= 1024)) {
    config.fail("mlp_ratio", "a ratio above 0", std::to_string(ratio));
  }
}

namespace {

void add_absolute_positions(const SwinBuilder& builder, const std::string& at) {
  const auto& [graph, sizes, path] = builder;
  EncodingSpec none;
  if (!sizes.absolute) return graph.encoding("embeddings", none, at + "position");
  const std::string table = at + "position_embeddings";
  const int64_t patches =
      (sizes.image.height / sizes.patch.height) * (sizes.image.width / sizes.patch.width);
  // A row for each patch, as in the paper's code. transformers makes a row more and fails to add
  // it: what such a file means nobody can say.
  graph.check_shape(table, {1, patches, sizes.width});
  WeightRef stored = graph.weight(table);
  stored.steps = {reshape({patches, sizes.width})};
  graph.encoding("embeddings", {{{"learned", {}}}, {{"table", stored}}}, at + "position",
                 {{"learned", {{"table", stored}}}});
}

/// A convolution whose steps are as wide as it is: one product for each patch.
std::string add_patches(const SwinBuilder& builder, const std::string& at) {
  const auto& [graph, sizes, base] = builder;
  const MapSize patch = sizes.patch;
  const std::string pixels = graph.add({
      .name = "pixel_values",
      .kind = "features",
      .attributes = {{"width", sizes.channels}, {"rows", "map"}},
  });
  Attributes cut{{"height", patch.height}, {"width", patch.width}};
  if (sizes.absolute) {
    cut.set("rows", sizes.image.height / patch.height);
    cut.set("columns", sizes.image.width / patch.width);
  }
  const std::string cells = graph.add({
      .name = at + "patches",
      .kind = "patches",
      .inputs = {pixels},
      .attributes = cut,
  });
  const std::string path = at + "projection";
  graph.check_shape(path + ".weight", {sizes.width, sizes.channels, patch.height, patch.width});
  WeightSlots weights = graph.affine("weight", path);
  weights["weight"].steps = {permute({0, 2, 3, 1}), reshape({sizes.width, -1})};
  return graph.add({
      .name = path,
      .kind = "linear",
      .inputs = {cells},
      .weights = weights,
  });
}

std::string add_embeddings(const SwinBuilder& builder) {
  const std::string at = builder.path + "embeddings.";
  const std::string rows = add_patches(builder, at + "patch_embeddings.");
  const std::string normed = builder.graph.layer_norm(at + "norm", rows, swin_fixed_epsilon);
  add_absolute_positions(builder, at);
  return builder.graph.position(at + "position", normed, "embeddings");
}

std::string add_stage(const SwinBuilder& builder, const SwinVersion& version, size_t stage,
                      std::string last) {
  const std::string at = builder.path + "encoder.layers." + std::to_string(stage) + ".";
  for (int64_t block = 0; block < builder.sizes.depths[stage]; ++block) {
    const std::string path = at + "blocks." + std::to_string(block);
    last = version.add_block(builder, {path, stage, block % 2 == 1}, last);
  }
  if (stage + 1 == builder.sizes.depths.size()) return last;
  // Down the columns first.
  const std::string cells = builder.graph.add({
      .name = at + "downsample.patches",
      .kind = "patches",
      .inputs = {last},
      .attributes = {{"height", 2}, {"width", 2}, {"order", "columns"}},
  });
  return version.merge(builder, at + "downsample.", stage, cells);
}

bool is_bare(const Config& config, const Weights& weights, const std::string& prefix) {
  const std::string bare = prefix + "Model", headed = prefix + "ForImageClassification";
  const std::string stored = weights.contains("classifier.weight") ? headed : bare;
  return config.architecture({bare, headed}, stored) == bare;
}

std::string image_task(const Config& config) {
  const std::string task = classification_task(config);
  return task == "sequence-classification" ? "image-classification" : task;
}

void ignore_leftovers(GraphBuilder& graph, const std::string& family) {
  // Computed indices; what pretraining by masked patches leaves after.
  graph.ignore(".*\\.attention\\.self\\.relative_(position_index|coords_table)");
  graph.ignore("(" + family + "\\.)?embeddings\\.mask_token|decoder\\.0\\.(weight|bias)");
  if (graph.config().object("locus").has("encoding")) {
    graph.ignore(
        ".*\\.(relative_position_bias_table|position_embeddings|continuous_position_bias_mlp\\..*"
        ")");
  }
}

}  // namespace

std::string add_windowed(GraphBuilder& graph, const std::string& at, const Attributes& windows,
                         NodeSpec attention) {
  attention.inputs = {graph.add({
      .name = at + "windows",
      .kind = "windows",
      .inputs = attention.inputs,
      .attributes = windows,
  })};
  return graph.add({
      .name = at + "restore",
      .kind = "restore",
      .inputs = {graph.add(std::move(attention))},
  });
}

NodeSpec swin_attention(const SwinBuilder& builder, const std::string& at, size_t stage) {
  const auto& [graph, sizes, path] = builder;
  const std::string self = at + "self.";
  return {
      .name = at + "output.dense",
      .kind = "attention",
      .attributes = {{"heads", sizes.heads[stage]},
                     {"head_size", sizes.width_of(stage) / sizes.heads[stage]},
                     {"visibility", "all"}},
      .weights = linear_slots(graph, "query", self + "query", sizes.biased) +
                 graph.product("key", self + "key") +
                 linear_slots(graph, "value", self + "value", sizes.biased) +
                 graph.affine("output", at + "output.dense"),
  };
}

NodeSpec swin_feed_forward(const SwinBuilder& builder, const SwinBlock& block) {
  const int64_t width = builder.sizes.width_of(block.stage);
  return feed_forward_node(
      builder.graph,
      {.up = block.path + ".intermediate.dense",
       .down = block.path + ".output.dense",
       .width = width,
       .ffn_width = static_cast<int64_t>(builder.sizes.ratio * static_cast<double>(width)),
       .activation = builder.sizes.activation});
}

std::string add_reduction(const SwinBuilder& builder, const std::string& at, size_t stage,
                          const std::string& cells) {
  const int64_t width = builder.sizes.width_of(stage);
  builder.graph.check_shape(at + "reduction.weight", {2 * width, 4 * width});
  return builder.graph.add({
      .name = at + "reduction",
      .kind = "linear",
      .inputs = {cells},
      .weights = builder.graph.product("weight", at + "reduction"),
  });
}

FamilyGraph build_swin_version(const Config& config, const Weights& weights,
                               const SwinVersion& version) {
  const SwinSizes sizes(config);
  const bool bare = is_bare(config, weights, version.prefix);
  const std::string path = version.family + ".";
  GraphBuilder graph(config, weights, {path, bare});
  graph.describe(version.family, bare ? "encoder" : image_task(config),
                 {sizes.width_of(sizes.depths.size() - 1), 0});
  const SwinBuilder builder{graph, sizes, path};
  std::string last = add_embeddings(builder);
  for (size_t stage = 0; stage < sizes.depths.size(); ++stage) {
    last = add_stage(builder, version, stage, last);
  }
  last = graph.layer_norm(path + "layernorm", last, sizes.epsilon);
  graph.output("last_hidden_state", last);
  const std::string pooled = graph.add({
      .name = path + "pooler",
      .kind = "pool",
      .inputs = {last},
      .attributes = {{"kind", "mean"}},
  });
  graph.output("pooler_output", pooled);
  if (!bare) add_token_classes(graph, "classifier", pooled);
  ignore_leftovers(graph, version.family);
  return graph.finish();
}

}  // namespace locus::families
