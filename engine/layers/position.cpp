#include <algorithm>

#include "engine/layers/makers.hpp"

namespace locus {
namespace {

class Position : public Layer {
 public:
  explicit Position(const NodeReader& reader)
      : encoding_(reader.encoding()), width_(reader.input_width()) {}

  int64_t width() const override { return width_; }
  bool in_place() const override { return true; }

  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    for (int64_t sequence = 0; sequence < run.rows.sequences(); ++sequence) {
      const int64_t first = run.rows.offsets[sequence];
      for_rows(run, run.rows.length(sequence), width_, [&](int64_t begin, int64_t end, int worker) {
        const View y = outputs[0].slice(0, first + begin, first + end);  // [T, D]
        copy(inputs[0].slice(0, first + begin, first + end), y);
        const Positions rows = run.rows.new_positions(sequence, begin, end);
        const Block block{rows, rows, 0, run.rows.total(sequence), 1, run.scratch[worker]};
        encoding_->embed(y, block);
      });
    }
  }

 private:
  static void copy(ConstView x, View y) {
    if (x.data == y.data) return;
    for (int64_t row = 0; row < x.size(0); ++row) std::ranges::copy(x.row(row), y.row(row).data());
  }

  std::shared_ptr<const PositionalEncoding> encoding_;
  int64_t width_;
};

}  // namespace

std::unique_ptr<Layer> make_position(const NodeReader& reader) {
  return std::make_unique<Position>(reader);
}

}  // namespace locus
