#include <algorithm>

#include "engine/layers/makers.hpp"

namespace locus::layers {
namespace {

/// Calls compute(begin, end) for blocks of rows, which bound the wide middle, [rows, F]: few, but
/// as many as the map into it multiplies at its best.
void for_blocks(Run& run, int64_t rows, const ops::PackedLinear& up, const auto& compute) {
  const int64_t rows_at_once = up.precision() == Precision::f32 ? 512 : 128;
  for (int64_t begin = 0; begin < rows; begin += rows_at_once) {
    const Scratch::Frame frame(run.shared);
    compute(begin, std::min(rows, begin + rows_at_once));
  }
}

/// y = down(activation(up x)). Vaswani et al. 2017, section 3.3.
class FeedForward : public Layer {
 public:
  explicit FeedForward(const NodeReader& reader) {
    const auto up = reader.rows("up", {-1, reader.input_width()});  // [F, D]
    const int64_t ffn_width = up.outputs();
    const Tensor up_bias = reader.take_optional("up_bias", {ffn_width});
    const Tensor* const biases[] = {&up_bias};
    up_ = reader.pack({up}, biases,
                      parse_activation(reader.name(), reader.text("activation", "relu")));
    down_ = pack_down(reader, ffn_width);
  }

  /// The map back to the width of the model, [D, F].
  static std::unique_ptr<ops::PackedLinear> pack_down(const NodeReader& reader, int64_t ffn_width) {
    const auto down = reader.rows("down", {-1, ffn_width});
    const Tensor bias = reader.take_optional("down_bias", {down.outputs()});
    const Tensor* const biases[] = {&bias};
    return reader.pack({down}, biases);
  }

  bool by_row() const override { return true; }
  int64_t width() const override { return down_->outputs(); }
  int64_t bytes() const override { return up_->bytes() + down_->bytes(); }

  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    for_blocks(run, inputs[0].size(0), *up_, [&](int64_t begin, int64_t end) {
      const View middle = run.shared.matrix(end - begin, up_->outputs());
      up_->apply(inputs[0].slice(0, begin, end), middle, run.team);
      down_->apply(middle, outputs[0].slice(0, begin, end), run.team);
    });
  }

 private:
  std::unique_ptr<ops::PackedLinear> up_;
  std::unique_ptr<ops::PackedLinear> down_;
};

/// y = down(activation(gate x) * up x). Shazeer 2020, "GLU variants improve Transformer".
class GatedFeedForward : public Layer {
 public:
  explicit GatedFeedForward(const NodeReader& reader)
      : activation_(parse_activation(reader.name(), reader.text("activation", "relu"))) {
    const auto gate = reader.rows("gate", {-1, reader.input_width()});  // [F, D]
    ffn_width_ = gate.outputs();
    const auto up = reader.rows("up", {ffn_width_, reader.input_width()});  // [F, D]
    const Tensor gate_bias = reader.take_optional("gate_bias", {ffn_width_});
    const Tensor up_bias = reader.take_optional("up_bias", {ffn_width_});
    const Tensor* const biases[] = {&gate_bias, &up_bias};
    gate_up_ = reader.pack({gate, up}, biases);
    down_ = FeedForward::pack_down(reader, ffn_width_);
  }

  bool by_row() const override { return true; }
  int64_t width() const override { return down_->outputs(); }
  int64_t bytes() const override { return gate_up_->bytes() + down_->bytes(); }

  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    for_blocks(run, inputs[0].size(0), *gate_up_, [&](int64_t begin, int64_t end) {
      const View middle = run.shared.matrix(end - begin, 2 * ffn_width_);  // [rows, 2 F]
      gate_up_->apply(inputs[0].slice(0, begin, end), middle, run.team);
      const View gate = middle.slice(1, 0, ffn_width_);
      const View up = middle.slice(1, ffn_width_, 2 * ffn_width_);
      for_rows(run, end - begin, ffn_width_, [&](int64_t first, int64_t last, int) {
        ops::activate_multiply(gate.slice(0, first, last), up.slice(0, first, last), activation_);
      });
      down_->apply(gate, outputs[0].slice(0, begin, end), run.team);
    });
  }

 private:
  Activation activation_;
  int64_t ffn_width_ = 0;  // F
  std::unique_ptr<ops::PackedLinear> gate_up_;
  std::unique_ptr<ops::PackedLinear> down_;
};

}  // namespace

std::unique_ptr<Layer> make_feed_forward(const NodeReader& reader) {
  if (reader.has("gate")) return std::make_unique<GatedFeedForward>(reader);
  return std::make_unique<FeedForward>(reader);
}

}  // namespace locus::layers
