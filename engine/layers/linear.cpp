#include "engine/layers/makers.hpp"

namespace locus::layers {
namespace {

class Linear : public Layer {
 public:
  explicit Linear(const NodeReader& reader) {
    const auto weight = reader.rows("weight", {-1, reader.input_width()},
                                    static_cast<float>(reader.number("scale", 1)));  // [N, K]
    const Tensor bias = reader.take_optional("bias", {weight.outputs()});
    const Tensor* const biases[] = {&bias};
    linear_ = reader.pack({weight}, biases,
                          parse_activation(reader.name(), reader.text("activation", "identity")));
  }

  bool by_row() const override { return true; }
  int64_t width() const override { return linear_->outputs(); }
  int64_t bytes() const override { return linear_->bytes(); }
  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    linear_->apply(inputs[0], outputs[0], run.team);
  }

 private:
  std::unique_ptr<ops::PackedLinear> linear_;
};

}  // namespace

std::unique_ptr<Layer> make_linear(const NodeReader& reader) {
  return std::make_unique<Linear>(reader);
}

}  // namespace locus::layers
