// Models that read features: what a config may say, and what a batch may be.
#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/support/failure.hpp"

namespace locus::tests {
namespace {

/// What a changed tiny model is refused with.
std::string refusal(const std::string& name, const std::string& key, const nlohmann::json& value) {
  TinyFolder folder = tiny(name);
  folder.config[key] = value;
  return failure_of([&] { folder.compile(); }, "none");
}

std::string encode_refusal(const std::shared_ptr<const Graph>& graph, const Sequence& sequence) {
  Session session(graph, {1, false});
  return failure_of([&] { session.encode({&sequence, 1}); }, "none");
}

Tensor last_state(const std::shared_ptr<const Graph>& graph, std::span<const Sequence> batch) {
  Session session(graph, {1, false});
  session.encode(batch);
  const ConstView view = session.output("last_hidden_state");
  Tensor copy({view.size(0), view.size(1)});
  for (int64_t row = 0; row < view.size(0); ++row) {
    std::ranges::copy(view.row(row), copy.view().row(row).begin());
  }
  return copy;
}

double apart(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  double max = 0;
  for (int64_t i = 0; i < a.count(); ++i) {
    max = std::max<double>(max, std::abs(a.data()[i] - b.data()[i]));
  }
  return max;
}

}  // namespace

TEST_CASE("a config of Swin that contradicts itself is refused by key") {
  CHECK(refusal("swin/images", "num_heads", {5}) ==
        "config.json: expected 'num_heads' to be a number for each of 2 stages, found 1");
  CHECK(refusal("swin/images", "num_layers", 3) ==
        "config.json: expected 'num_layers' to be 2, found 3");
  CHECK(refusal("swin/images", "hidden_size", 11) ==
        "config.json: expected 'hidden_size' to be 10, found 11");
  CHECK(refusal("swin/images", "num_heads", {3, 2}) ==
        "config.json: expected 'embed_dim' to be a multiple of 'num_heads' = 3, found 5");
  CHECK(refusal("swin/images", "depths", {2, 0}) ==
        "config.json: expected 'depths' to be whole numbers from 1 to 1024, found 0");
  CHECK(refusal("swin/images", "depths", nlohmann::json::array()) ==
        "config.json: expected 'depths' to be at least one number, found []");
  CHECK(refusal("swin/images", "depths", 2) ==
        "config.json: expected 'depths' to be a list, found 2");
  CHECK(refusal("swin/images", "patch_size", nlohmann::json::array({3})) ==
        "config.json: expected 'patch_size' to be one number, or a list of 2, found 1");
  CHECK(refusal("swin/images", "image_size", {21, 15, 3}) ==
        "config.json: expected 'image_size' to be one number, or a list of 2, found 3");
  CHECK(refusal("swin/images", "window_size", 5).find("expected [81, 5], found [49, 5]") !=
        std::string::npos);
  CHECK(refusal("swin/images", "patch_size", {3, 4})
            .find("expected [5, 3, 3, 4], found [5, 3, 3, 3]") != std::string::npos);
  CHECK(refusal("swin/images", "qkv_bias", true).find("attention.self.") != std::string::npos);
  CHECK(refusal("swin/images", "mlp_ratio", -1) ==
        "config.json: expected 'mlp_ratio' to be a ratio above 0, found -1.000000");
  CHECK(refusal("swin/images", "hidden_act", "wave").starts_with("config.json: hidden_act: "));
  CHECK(refusal("swin/images", "architectures", {"SwinBackbone"}) ==
        "config.json: expected 'architectures' to be one of SwinModel, SwinForImageClassification "
        "(or a class to be named with --class), found SwinBackbone");
}

TEST_CASE(
    "transformers' table of absolute positions with a row too many is refused (it cannot add it)") {
  TinyFolder folder = tiny("swin/absolute");
  folder.tensors["embeddings.position_embeddings"] = Tensor({1, 36, 5});
  CHECK_THROWS_WITH_AS(folder.compile(),
                       "embeddings.position_embeddings: expected [1, 35, 5], found [1, 36, 5]",
                       Error);
}

TEST_CASE("absolute positions are those of one size of image") {
  const auto graph = tiny("swin/absolute").compile();
  const std::vector<float> pixels(size_t{14} * 8, 0.5f);
  CHECK(encode_refusal(graph, {.ids = {}, .features = pixels, .map = {14, 8}}) ==
        "embeddings.patch_embeddings.patches: expected a map of 7 x 5 patches, found 7 x 4");
}

TEST_CASE("stored indices of windows and what masked pretraining leaves behind are harmless") {
  TinyFolder folder = tiny("swin/bare");
  folder.tensors["encoder.layers.0.blocks.0.attention.self.relative_position_index"] =
      Tensor({9, 9});
  folder.tensors["embeddings.mask_token"] = Tensor({1, 1, 5});
  CHECK_NOTHROW(folder.build());
}

TEST_CASE("a batch of images equals its images alone, bit for bit") {
  const auto graph = tiny("swin/bare").compile();
  const Golden golden = golden_of("swin/bare");
  const std::vector<Sequence> batch = golden.inputs.sequences();
  const Tensor together = last_state(graph, batch);
  int64_t row = 0;
  for (const Sequence& image : batch) {
    const Tensor alone = last_state(graph, {&image, 1});
    for (int64_t own = 0; own < alone.shape()[0]; ++own, ++row) {
      CHECK(std::ranges::equal(alone.view().row(own), together.view().row(row)));
    }
  }
  CHECK(row == together.shape()[0]);
}

TEST_CASE("a map's own cells do not see each other across a shifted window's seam") {
  // The first and the last row of a map of 9 lie in one window of the shifted plane.
  const auto graph = tiny("swin/bare").compile();
  Session session(graph, {1, false});
  int64_t largest = 0, cut = 0;
  session.observe([&](const AttentionTile& tile) {
    if (tile.node != "encoder.layers.0.blocks.1.attention.output.dense") return;
    largest = std::max(largest, tile.probabilities.size(1));
    if (tile.head == 0) ++cut;
  });
  const std::vector<float> pixels(size_t{18} * 18 * 3, 0.25f);
  const Sequence image{.ids = {}, .features = pixels, .map = {18, 18}};
  session.encode({&image, 1});
  CHECK(largest == 9);  // cells of a whole window
  CHECK(cut == 4 * 4);  // two whole windows along a side, and one in two parts
}

TEST_CASE("an encoding of one axis cannot take the place of a window's two") {
  ModelOptions options;
  options.encoding = "alibi";
  CHECK_THROWS_WITH_AS(
      Model::open(golden_path("models/swin/bare"), options),
      "encoder.layers.0.blocks.0.attention.output.dense: expected an encoding of rows and columns, "
      "such as window, found 'alibi'",
      Error);
  options.encoding = "none";
  CHECK_FALSE(Model::open(golden_path("models/swin/bare"), options)->graph()->untrained());
  options.encoding = "window";
  CHECK(Model::open(golden_path("models/swin/bare"), options)->graph()->untrained());
}

TEST_CASE("the feature encoder takes any encoding in the place of its sinusoid") {
  const Golden golden = golden_of("feature-encoder/bare");
  const Tensor own = last_state(tiny("feature-encoder/bare").compile(), golden.inputs.sequences());
  for (const char* encoding : {"none", "alibi", "rope", "t5", "shaw", "learned", "window"}) {
    CAPTURE(encoding);
    ModelOptions options;
    options.encoding = encoding;
    const auto model = Model::open(golden_path("models/feature-encoder/bare"), options);
    CHECK(model->graph()->untrained() == traits_of(parse_encoding(encoding)).learned);
    CHECK(apart(last_state(model->graph(), golden.inputs.sequences()), own) > 1e-3);
  }
}

TEST_CASE("what a batch holds must be what the model reads") {
  const auto images = tiny("swin/bare").compile(), frames = tiny("feature-encoder/bare").compile();
  const auto text = tiny("bert/bare").compile();
  const std::vector<int32_t> ids{1, 2};
  std::vector<float> values(26, 0.5f);
  CHECK(encode_refusal(images, {ids}) == "batch: expected rows of 3 features, found ids");
  CHECK(encode_refusal(frames, {ids}) == "batch: expected rows of 13 features, found ids");
  CHECK(encode_refusal(text, {.ids = {}, .features = values}) ==
        "batch: expected ids, found features");
  CHECK(encode_refusal(frames, {.ids = {}, .features = std::span(values).first(20)}) ==
        "batch: expected rows of 13 features, found 20 values");
  CHECK(encode_refusal(frames, {.ids = {}, .features = values, .map = {2, 1}}) ==
        "batch: expected rows of a sequence, found a map");
  CHECK(encode_refusal(images, {.ids = {}, .features = std::span(values).first(24)}) ==
        "batch: expected a map of 8 rows, found 0 x 0");
  CHECK(
      encode_refusal(images, {.ids = {}, .features = std::span(values).first(24), .map = {3, 3}}) ==
      "batch: expected a map of 8 rows, found 3 x 3");
  const std::vector<float> places(8, 0.0f);
  CHECK(encode_refusal(images, {.ids = {},
                                .positions = places,
                                .features = std::span(values).first(24),
                                .map = {2, 4}}) ==
        "batch: expected positions from the map, found others");
  CHECK(encode_refusal(frames, {}) ==
        "batch: expected sequences of at least one row, found an empty sequence at 0");
  values[14] = NAN;
  CHECK(encode_refusal(frames, {.ids = {}, .features = values}) ==
        "features: expected finite values, found nan in row 1");
}

TEST_CASE("a config of the feature encoder that contradicts itself is refused by key") {
  CHECK(refusal("feature-encoder/bare", "encoder_attention_heads", 3) ==
        "config.json: expected 'd_model' to be a multiple of 'encoder_attention_heads' = 3, found "
        "10");
  CHECK(refusal("feature-encoder/bare", "feature_size", 12) ==
        "feature_projection.weight: expected [10, 12], found [10, 13]");
  CHECK(refusal("feature-encoder/bare", "feature_size", 0)
            .starts_with("config.json: expected 'feature_size' to be "));
}

}  // namespace locus::tests
