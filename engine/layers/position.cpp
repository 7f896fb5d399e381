#include <algorithm>

#include "base/error.hpp"
#include "engine/layers/makers.hpp"

namespace locus::layers {
namespace {

class Position : public Layer {
 public:
  explicit Position(const NodeReader& reader)
      : encoding_(reader.encoding()),
        width_(reader.input_width()),
        padding_(reader.integer("padding", none)),
        places_padding_(placed(reader)) {}

  int64_t width() const override { return width_; }
  bool in_place() const override { return true; }

  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    for (int64_t sequence = 0; sequence < run.rows.sequences(); ++sequence) {
      const Scratch::Frame frame(run.shared);
      const Positions all = positions_of(sequence, run);
      const int64_t first = run.rows.offsets[sequence];
      for_rows(run, run.rows.length(sequence), width_, [&](int64_t begin, int64_t end, int worker) {
        const View y = outputs[0].slice(0, first + begin, first + end);  // [T, D]
        copy(inputs[0].slice(0, first + begin, first + end), y);
        for (const auto& [from, to] : placed_rows(all, begin, end)) {
          const Positions rows = all.slice(from, to);
          const Block block{rows, rows, 0, run.rows.total(sequence), 1, run.scratch[worker]};
          encoding_->embed(y.slice(0, from - begin, to - begin), block);
        }
      });
    }
  }

 private:
  static constexpr int64_t none = -1;
  using RowSpan = std::pair<int64_t, int64_t>;

  static bool placed(const NodeReader& reader) {
    const std::string rows = reader.text("padding_rows", "before");
    if (rows == "before" || rows == "none") return rows == "before";
    throw Error(reader.name(), "padding_rows of before or none", "'" + rows + "'");
  }

  // The rows of [begin, end) that have a position.
  std::vector<RowSpan> placed_rows(const Positions& all, int64_t begin, int64_t end) const {
    if (places_padding_ || all.values.empty()) return {{begin, end}};
    std::vector<RowSpan> spans;
    for (int64_t row = begin; row < end; ++row) {
      if (all.at(row) < 0) continue;
      if (spans.empty() || spans.back().second != row) spans.push_back({row, row});
      spans.back().second = row + 1;
    }
    return spans;
  }

  // Rows of the padding id do not count and stand before position 0, as fairseq and its heirs have
  // it; positions that the caller gives are left as they are.
  Positions positions_of(int64_t sequence, Run& run) const {
    const int64_t length = run.rows.length(sequence), past = run.rows.past[sequence];
    const Positions plain = run.rows.new_positions(sequence, 0, length);
    if (padding_ == none || !plain.values.empty()) return plain;
    const std::span<const int32_t> ids =
        std::span(run.rows.ids).subspan(run.rows.offsets[sequence], length);
    if (std::ranges::find(ids, padding_) == ids.end()) return plain;
    const std::span<float> values = run.shared.values(length);
    int64_t next = past;
    for (int64_t row = 0; row < length; ++row) {
      values[row] = ids[row] == padding_ ? -1.0f : static_cast<float>(next++);
    }
    return {past, length, values, 1};
  }

  static void copy(ConstView x, View y) {
    if (x.data == y.data) return;
    for (int64_t row = 0; row < x.size(0); ++row) std::ranges::copy(x.row(row), y.row(row).data());
  }

  std::shared_ptr<const PositionalEncoding> encoding_;
  int64_t width_;
  int64_t padding_;  // an id, or none
  bool places_padding_;
};

}  // namespace

std::unique_ptr<Layer> make_position(const NodeReader& reader) {
  return std::make_unique<Position>(reader);
}

}  // namespace locus::layers
