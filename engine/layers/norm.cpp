#include "base/error.hpp"
#include "engine/layers/makers.hpp"
#include "engine/layers/row_layer.hpp"

namespace locus::layers {
namespace {

ops::NormKind parse_kind(const NodeReader& reader) {
  const std::string kind = reader.text("kind", "layer");
  if (kind == "layer") return ops::NormKind::layer;
  if (kind == "rms") return ops::NormKind::rms;
  throw Error(reader.name(), "a norm of kind layer or rms", "'" + kind + "'");
}

/// A norm's weights, and the views of them that operations take.
class NormParameters {
 public:
  explicit NormParameters(const NodeReader& reader)
      : kind_(parse_kind(reader)),
        epsilon_(static_cast<float>(reader.node().attributes.number(reader.name(), "epsilon"))),
        gain_(reader.take_optional("gain", {reader.input_width()})),
        bias_(reader.take_optional("bias", {reader.input_width()})) {
    const auto offset = static_cast<float>(reader.number("gain_offset", 0));
    for (float& value : gain_.values()) value += offset;
    if (!(epsilon_ >= 0)) {
      throw Error(reader.name(), "an epsilon of 0 or more", std::to_string(epsilon_));
    }
  }
  ops::NormWeights weights() const { return {kind_, gain_.values(), bias_.values(), epsilon_}; }

 private:
  ops::NormKind kind_;
  float epsilon_;
  Tensor gain_;  // [D]
  Tensor bias_;  // [D]
};

class Norm : public RowLayer {
 public:
  explicit Norm(const NodeReader& reader) : RowLayer(reader.input_width()), parameters_(reader) {}
  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    for_rows(run, outputs[0].size(0), width(), [&](int64_t begin, int64_t end, int) {
      ops::norm(inputs[0].slice(0, begin, end), outputs[0].slice(0, begin, end),
                parameters_.weights());
    });
  }

 private:
  NormParameters parameters_;
};

class Add : public RowLayer {
 public:
  using RowLayer::RowLayer;
  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    for_rows(run, outputs[0].size(0), width(), [&](int64_t begin, int64_t end, int) {
      ops::add(inputs[0].slice(0, begin, end), inputs[1].slice(0, begin, end),
               outputs[0].slice(0, begin, end));
    });
  }
};

/// An add and the norm of its sum in one pass. Outputs: the sum, the norm.
class AddNorm : public RowLayer {
 public:
  explicit AddNorm(const NodeReader& norm) : RowLayer(norm.input_width()), parameters_(norm) {}
  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    for_rows(run, outputs[0].size(0), width(), [&](int64_t begin, int64_t end, int) {
      ops::add_norm(inputs[0].slice(0, begin, end), inputs[1].slice(0, begin, end),
                    outputs[0].slice(0, begin, end), outputs[1].slice(0, begin, end),
                    parameters_.weights());
    });
  }

 private:
  NormParameters parameters_;
};

}  // namespace

std::unique_ptr<Layer> make_norm(const NodeReader& reader) {
  return std::make_unique<Norm>(reader);
}

std::unique_ptr<Layer> make_add(const NodeReader& reader) {
  if (reader.input_width(0) != reader.input_width(1)) {
    throw Error(
        reader.name(), "inputs of one width",
        std::to_string(reader.input_width(0)) + " and " + std::to_string(reader.input_width(1)));
  }
  return std::make_unique<Add>(reader.input_width());
}

std::unique_ptr<Layer> make_add_norm(const NodeReader& norm) {
  return std::make_unique<AddNorm>(norm);
}

}  // namespace locus::layers
