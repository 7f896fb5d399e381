// Swin: Liu et al. 2021. Names: transformers' modeling_swin.
#include "engine/session.hpp"
#include "models/families/parts/encoder_heads.hpp"
#include "models/families/parts/layer_parts.hpp"

namespace locus::families {
namespace {

const std::string swin_path = "swin.";
constexpr double fixed_epsilon = 1e-5;  // of the norms that the config does not reach

/// A height and a width; one number stands for both.
MapSize read_map_size(const Config& config, std::string_view key, int64_t fallback) {
  const std::vector<int64_t> sides = config.counts(key, {fallback}, 65536);
  if (sides.size() > 2) config.fail(key, "a height and a width", std::to_string(sides.size()));
  return {sides.front(), sides.back()};
}

struct SwinSizes {
  explicit SwinSizes(const Config& config);

  int64_t width_of(size_t stage) const { return width << stage; }

  MapSize image, patch;
  int64_t channels, width, window;
  std::vector<int64_t> depths, heads;  ///< of the stages
  double ratio;                        ///< of the feed-forward's inner width
  bool biased, absolute;
  double epsilon;
  std::string activation;
};

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
  const auto expect = [&](std::string_view key, int64_t value) {
    if (config.count(key, value) == value) return;
    config.fail(key, std::to_string(value), std::to_string(config.count(key, value)));
  };
  expect(config.either("num_layers", "num_hidden_layers"), stages);
  expect("hidden_size", width_of(depths.size() - 1));
  for (size_t stage = 0; stage < depths.size(); ++stage) {
    config.share("embed_dim", width_of(stage), "num_heads", heads[stage]);
  }
  if (!(ratio * static_cast<double>(width) >= 1 && ratio <= 1024)) {
    config.fail("mlp_ratio", "a ratio above 0", std::to_string(ratio));
  }
}

struct SwinBuilder {
  GraphBuilder& graph;
  const SwinSizes& sizes;

  std::string add_embeddings() const {
    const std::string at = swin_path + "embeddings.", patches = at + "patch_embeddings.";
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
        .name = patches + "patches",
        .kind = "patches",
        .inputs = {pixels},
        .attributes = cut,
    });
    // A convolution whose steps are as wide as it is: one product for each patch.
    const std::string path = patches + "projection";
    graph.check_shape(path + ".weight", {sizes.width, sizes.channels, patch.height, patch.width});
    WeightSlots weights = graph.affine("weight", path);
    weights["weight"].steps = {permute({0, 2, 3, 1}), reshape({sizes.width, -1})};
    const std::string rows = graph.add({
        .name = path,
        .kind = "linear",
        .inputs = {cells},
        .weights = weights,
    });
    const std::string normed = graph.layer_norm(at + "norm", rows, fixed_epsilon);
    add_absolute_positions(at);
    return graph.position(at + "position", normed, "embeddings");
  }

  void add_absolute_positions(const std::string& at) const {
    EncodingSpec none;
    if (!sizes.absolute) return graph.encoding("embeddings", none, at + "position");
    const std::string table = at + "position_embeddings";
    const int64_t patches =
        (sizes.image.height / sizes.patch.height) * (sizes.image.width / sizes.patch.width);
    // A row for each patch, as in the paper's code. transformers 4.49 makes a row more and fails to
    // add it: what such a file means nobody can say.
    graph.check_shape(table, {1, patches, sizes.width});
    WeightRef stored = graph.weight(table);
    stored.steps = {reshape({patches, sizes.width})};
    graph.encoding("embeddings", {{{"learned", {}}}, {{"table", stored}}}, at + "position",
                   {{"learned", {{"table", stored}}}});
  }

  NodeSpec attention(const std::string& at, size_t stage, const std::string& encoding) const {
    const std::string self = at + "self.";
    const WeightSlots weights = linear_slots(graph, "query", self + "query", sizes.biased) +
                                linear_slots(graph, "key", self + "key", sizes.biased) +
                                linear_slots(graph, "value", self + "value", sizes.biased) +
                                graph.affine("output", at + "output.dense");
    const WeightSlots table{{"table", graph.weight(self + "relative_position_bias_table")}};
    const SchemeChoice window{"window", {{"size", sizes.window}}};
    graph.encoding(encoding, {{window}, table}, at + "position", {{"window", table}});
    return {
        .name = at + "output.dense",
        .kind = "attention",
        .attributes = {{"heads", sizes.heads[stage]},
                       {"head_size", sizes.width_of(stage) / sizes.heads[stage]},
                       {"visibility", "all"}},
        .weights = weights,
        .encoding = encoding,
    };
  }

  std::string add_block(const std::string& block, size_t stage, int64_t shift,
                        const std::string& input) const {
    const std::string at = block + ".", attention_at = at + "attention.";
    const std::string normed = graph.layer_norm(at + "layernorm_before", input, sizes.epsilon);
    const std::string cut = graph.add({
        .name = attention_at + "windows",
        .kind = "windows",
        .inputs = {normed},
        .attributes = {{"size", sizes.window}, {"shift", shift}},
    });
    NodeSpec attended = attention(attention_at, stage, block);
    attended.inputs = {cut};
    const std::string whole = graph.add({
        .name = attention_at + "restore",
        .kind = "restore",
        .inputs = {graph.add(std::move(attended))},
    });
    const std::string sum = graph.sum(attention_at + "add", whole, input);
    const int64_t width = sizes.width_of(stage);
    const auto ffn_width = static_cast<int64_t>(sizes.ratio * static_cast<double>(width));
    const NodeSpec fed = feed_forward_node(graph, {.up = at + "intermediate.dense",
                                                   .down = at + "output.dense",
                                                   .width = width,
                                                   .ffn_width = ffn_width,
                                                   .activation = sizes.activation});
    return add_pre_norm(graph, layer_norm_of(graph, sizes.epsilon),
                        {fed, at + "layernorm_after", block}, sum);
  }

  /// Four neighbours become one row, down the columns first.
  std::string add_merging(const std::string& at, size_t stage, const std::string& input) const {
    const std::string cells = graph.add({
        .name = at + "patches",
        .kind = "patches",
        .inputs = {input},
        .attributes = {{"height", 2}, {"width", 2}, {"order", "columns"}},
    });
    const std::string normed = graph.layer_norm(at + "norm", cells, fixed_epsilon);
    const int64_t width = sizes.width_of(stage);
    graph.check_shape(at + "reduction.weight", {2 * width, 4 * width});
    return graph.add({
        .name = at + "reduction",
        .kind = "linear",
        .inputs = {normed},
        .weights = graph.product("weight", at + "reduction"),
    });
  }

  std::string add_stage(size_t stage, std::string last) const {
    const std::string at = swin_path + "encoder.layers." + std::to_string(stage) + ".";
    for (int64_t block = 0; block < sizes.depths[stage]; ++block) {
      const int64_t shift = block % 2 == 0 ? 0 : sizes.window / 2;
      last = add_block(at + "blocks." + std::to_string(block), stage, shift, last);
    }
    if (stage + 1 == sizes.depths.size()) return last;
    return add_merging(at + "downsample.", stage, last);
  }
};

std::string swin_class(const Config& config, const Weights& weights) {
  const std::string bare = "SwinModel", headed = "SwinForImageClassification";
  return config.architecture({bare, headed}, weights.contains("classifier.weight") ? headed : bare);
}

std::string image_task(const Config& config) {
  const std::string task = classification_task(config);
  return task == "sequence-classification" ? "image-classification" : task;
}

FamilyGraph build_swin(const Config& config, const Weights& weights) {
  const SwinSizes sizes(config);
  const bool bare = swin_class(config, weights) == "SwinModel";
  GraphBuilder graph(config, weights, {swin_path, bare});
  graph.describe("swin", bare ? "encoder" : image_task(config),
                 {sizes.width_of(sizes.depths.size() - 1), 0});
  const SwinBuilder builder{graph, sizes};
  std::string last = builder.add_embeddings();
  for (size_t stage = 0; stage < sizes.depths.size(); ++stage) {
    last = builder.add_stage(stage, last);
  }
  last = graph.layer_norm(swin_path + "layernorm", last, sizes.epsilon);
  graph.output("last_hidden_state", last);
  const std::string pooled = graph.add({
      .name = swin_path + "pooler",
      .kind = "pool",
      .inputs = {last},
      .attributes = {{"kind", "mean"}},
  });
  graph.output("pooler_output", pooled);
  if (!bare) add_token_classes(graph, "classifier", pooled);
  // Computed indices; what pretraining by masked patches leaves after.
  graph.ignore(".*\\.attention\\.self\\.relative_position_index");
  graph.ignore("(swin\\.)?embeddings\\.mask_token|decoder\\.0\\.(weight|bias)");
  if (config.object("locus").has("encoding")) {
    graph.ignore(".*\\.relative_position_bias_table|.*\\.position_embeddings");
  }
  return graph.finish();
}

}  // namespace

Family swin() {
  return {
      .model_type = "swin",
      .build = build_swin,
  };
}

}  // namespace locus::families
