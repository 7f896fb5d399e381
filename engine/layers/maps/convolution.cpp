#include <algorithm>

#include "base/error.hpp"
#include "engine/layers/makers.hpp"

namespace locus::layers {
namespace {

constexpr int64_t convolved_at_once = 256;  // bounds the gathered neighbours, [rows, taps K]

/// The weights of one product with all neighbours of a row, [N, taps K]: each group's where its
/// inputs lie, zeros elsewhere.
Tensor spread(const std::string& who, const Tensor& weight, int64_t width) {
  const int64_t outputs = weight.shape()[0], part = weight.shape()[1], taps = weight.shape()[2];
  const int64_t groups = width / part;
  constexpr int64_t max_values = int64_t{1} << 28;  // a small file must not ask for all memory
  if (element_count({outputs, taps, width}) > max_values) {
    throw Error(who, "a convolution of at most " + std::to_string(max_values) + " products",
                to_string(Shape{outputs, taps, width}));
  }
  Tensor result({outputs, taps * width});
  for (int64_t n = 0; n < outputs; ++n) {
    const int64_t first = n * groups / outputs * part;
    for (int64_t k = 0; k < part; ++k) {
      for (int64_t tap = 0; tap < taps; ++tap) {
        result.view()(n, tap * width + first + k) = weight.data()[(n * part + k) * taps + tap];
      }
    }
  }
  return result;
}

/// y[t] = sum over taps of W[tap] x[t + tap - taps / 2], within a sequence.
class Convolution : public Layer {
 public:
  explicit Convolution(const NodeReader& reader) : width_(reader.input_width()) {
    const int64_t groups = reader.integer("groups", 1);
    if (groups < 1 || width_ % groups != 0) {
      throw Error(reader.name(), "groups that divide " + std::to_string(width_),
                  std::to_string(groups));
    }
    const Tensor weight =
        reader.take("weight", {-1, width_ / groups, -1});  // [N, K / groups, taps]
    taps_ = weight.shape()[2];
    if (taps_ % 2 == 0) throw Error(reader.name(), "an odd number of taps", std::to_string(taps_));
    if (weight.shape()[0] % groups != 0) {
      throw Error(reader.name(), "outputs that " + std::to_string(groups) + " groups divide",
                  std::to_string(weight.shape()[0]));
    }
    const Tensor bias = reader.take_optional("bias", {weight.shape()[0]});
    const Tensor* const biases[] = {&bias};
    linear_ = reader.pack({ops::WeightRows(spread(reader.name(), weight, width_))}, biases,
                          parse_activation(reader.name(), reader.text("activation", "identity")));
  }

  int64_t width() const override { return linear_->outputs(); }
  int64_t bytes() const override { return linear_->bytes(); }

  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    const int64_t rows = inputs[0].size(0);
    for (int64_t begin = 0; begin < rows; begin += convolved_at_once) {
      const int64_t end = std::min(rows, begin + convolved_at_once);
      const Scratch::Frame frame(run.shared);
      const View gathered = run.shared.matrix(end - begin, taps_ * width_);
      for_rows(run, end - begin, taps_ * width_, [&](int64_t first, int64_t last, int) {
        for (int64_t row = first; row < last; ++row) {
          gather(inputs[0], begin + row, gathered.row(row), run.rows);
        }
      });
      linear_->apply(gathered, outputs[0].slice(0, begin, end), run.team);
    }
  }

 private:
  /// The neighbours of a row, zeros where its sequence ends.
  void gather(ConstView x, int64_t row, std::span<float> to, const session::Rows& rows) const {
    const auto after = std::upper_bound(rows.offsets.begin(), rows.offsets.end(), row);
    const int64_t begin = *(after - 1), end = *after;
    for (int64_t tap = 0; tap < taps_; ++tap) {
      const int64_t from = row + tap - taps_ / 2;
      const std::span<float> part = to.subspan(tap * width_, width_);
      if (from < begin || from >= end) {
        std::ranges::fill(part, 0.0f);
      } else {
        std::ranges::copy(x.row(from), part.begin());
      }
    }
  }

  int64_t width_, taps_ = 0;
  std::unique_ptr<ops::PackedLinear> linear_;
};

}  // namespace

std::unique_ptr<Layer> make_convolution(const NodeReader& reader) {
  return std::make_unique<Convolution>(reader);
}

}  // namespace locus::layers
