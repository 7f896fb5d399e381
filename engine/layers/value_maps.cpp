// Layers that change each value by itself.
#include <algorithm>

#include "base/error.hpp"
#include "engine/layers/makers.hpp"
#include "engine/layers/row_layer.hpp"

namespace locus::layers {
namespace {

class ValueMap : public RowLayer {
 public:
  using RowLayer::RowLayer;

  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    for_rows(run, outputs[0].size(0), width(), [&](int64_t begin, int64_t end, int) {
      const View y = outputs[0].slice(0, begin, end);
      for (int64_t row = begin; row < end && inputs[0].data != outputs[0].data; ++row) {
        std::ranges::copy(inputs[0].row(row), y.row(row - begin).begin());
      }
      change(y);
    });
  }

 private:
  virtual void change(View rows) const = 0;  // in place
};

/// y = cap tanh(x / cap): values stay below the cap, small ones are as they were. Gemma Team 2024,
/// "Gemma 2", section 2.
class SoftCap : public ValueMap {
 public:
  explicit SoftCap(const NodeReader& reader)
      : ValueMap(reader.input_width()),
        cap_(static_cast<float>(reader.node().attributes.number(reader.name(), "cap"))) {
    if (!(cap_ > 0)) throw Error(reader.name(), "a cap above 0", std::to_string(cap_));
  }

 private:
  void change(View rows) const override { ops::soft_cap(rows, cap_); }

  float cap_;
};

/// y = factor x
class Scale : public ValueMap {
 public:
  explicit Scale(const NodeReader& reader)
      : ValueMap(reader.input_width()),
        factor_(static_cast<float>(reader.node().attributes.number(reader.name(), "factor"))) {}

 private:
  void change(View rows) const override { ops::scale(rows, factor_); }

  float factor_;
};

}  // namespace

std::unique_ptr<Layer> make_soft_cap(const NodeReader& reader) {
  return std::make_unique<SoftCap>(reader);
}

std::unique_ptr<Layer> make_scale(const NodeReader& reader) {
  return std::make_unique<Scale>(reader);
}

}  // namespace locus::layers
