#include "engine/encoding_change.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>
#include <vector>

namespace locus {
namespace {

using EncodingPointer = std::shared_ptr<const PositionalEncoding>;
using Move = std::function<double(double position)>;

/// A block whose positions lie elsewhere, for as long as it lives.
class MovedBlock {
 public:
  MovedBlock(const Block& block, const Move& move)
      : frame_(block.scratch),
        block_{moved(block.queries, move, block.scratch),
               moved(block.keys, move, block.scratch),
               block.first_head,
               block.length,
               block.scale,
               block.scratch,
               block.packed_keys} {}
  const Block& block() const { return block_; }

 private:
  static Positions moved(const Positions& positions, const Move& move, Scratch& scratch) {
    const auto values = scratch.values(positions.count * positions.axes);
    for (int64_t row = 0; row < positions.count; ++row) {
      for (int axis = 0; axis < positions.axes; ++axis) {
        values[row * positions.axes + axis] = static_cast<float>(move(positions.at(row, axis)));
      }
    }
    return {0, positions.count, values, positions.axes};
  }

  Scratch::Frame frame_;
  Block block_;
};

/// An encoding that is asked at other positions.
class Moved : public PositionalEncoding {
 public:
  Moved(EncodingPointer encoding, Move move)
      : encoding_(std::move(encoding)), move_(std::move(move)) {}

  void embed(View x, const Block& block) const override {
    encoding_->embed(x, MovedBlock(block, move_).block());
  }
  void rotate(View heads, Role role, const Block& block) const override {
    encoding_->rotate(heads, role, MovedBlock(block, move_).block());
  }
  void score(View s, ConstView q, ConstView k, const Block& block) const override {
    encoding_->score(s, q, k, MovedBlock(block, move_).block());
  }
  void mix(View y, ConstView p, const Block& block) const override {
    encoding_->mix(y, p, MovedBlock(block, move_).block());
  }
  int64_t max_length() const override { return encoding_->max_length(); }

 private:
  EncodingPointer encoding_;
  Move move_;
};

/// An encoding whose effect is multiplied.
class Scaled : public PositionalEncoding {
 public:
  Scaled(EncodingPointer encoding, double factor)
      : encoding_(std::move(encoding)), factor_(static_cast<float>(factor)) {}

  void embed(View x, const Block& block) const override {  // x [T, D]
    const Scratch::Frame frame(block.scratch);
    const View before = block.scratch.matrix(x.size(0), x.size(1));
    for (int64_t row = 0; row < x.size(0); ++row) {
      std::ranges::copy(x.row(row), before.row(row).begin());
    }
    encoding_->embed(x, block);
    for (int64_t row = 0; row < x.size(0); ++row) {
      const auto now = x.row(row);
      const auto old = before.row(row);
      for (size_t i = 0; i < now.size(); ++i) now[i] = old[i] + factor_ * (now[i] - old[i]);
    }
  }
  void rotate(View heads, Role role, const Block& block) const override {
    const Move stretch = [this](double position) { return factor_ * position; };
    encoding_->rotate(heads, role, MovedBlock(block, stretch).block());
  }
  void score(View s, ConstView q, ConstView k, const Block& block) const override {
    add(s, block, [&](View zeros) { encoding_->score(zeros, q, k, block); });
  }
  void mix(View y, ConstView p, const Block& block) const override {
    add(y, block, [&](View zeros) { encoding_->mix(zeros, p, block); });
  }
  int64_t max_length() const override { return encoding_->max_length(); }

 private:
  // What `hook` adds to zeros, times the factor. target [H, T, n]
  template <typename Hook>
  void add(View target, const Block& block, Hook hook) const {
    const Scratch::Frame frame(block.scratch);
    const int64_t heads = target.size(0), rows = target.size(1), columns = target.size(2);
    const auto values = block.scratch.values(heads * rows * columns);
    std::ranges::fill(values, 0.0f);
    const View added(values.data(), {heads, rows, columns});
    hook(added);
    for (int64_t h = 0; h < heads; ++h) {
      for (int64_t i = 0; i < rows; ++i) {
        const auto to = target[h].row(i);
        const auto from = added[h].row(i);
        for (size_t j = 0; j < to.size(); ++j) to[j] += factor_ * from[j];
      }
    }
  }

  EncodingPointer encoding_;
  float factor_;
};

// Positions below `span` change places (Fisher and Yates); those beyond stay.
Move shuffled(int64_t span, uint64_t seed) {
  std::vector<int64_t> order(static_cast<size_t>(std::max<int64_t>(0, span)));
  std::iota(order.begin(), order.end(), 0);
  std::mt19937_64 generator(seed);
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[generator() % i]);
  return [order](double position) {
    const bool held = position >= 0 && position < static_cast<double>(order.size()) &&
                      position == std::floor(position);
    return held ? static_cast<double>(order[static_cast<size_t>(position)]) : position;
  };
}

}  // namespace

EncodingPointer changed(EncodingPointer encoding, const EncodingChange& change) {
  using Kind = EncodingChange::Kind;
  switch (change.kind) {
    case Kind::none:
      return encoding;
    case Kind::remove:
      return std::make_shared<PositionalEncoding>();
    case Kind::shift:
      return std::make_shared<Moved>(
          std::move(encoding), [by = change.amount](double position) { return position + by; });
    case Kind::scale:
      return std::make_shared<Scaled>(std::move(encoding), change.amount);
    case Kind::shuffle:
      return std::make_shared<Moved>(std::move(encoding), shuffled(change.span, change.seed));
  }
  return encoding;
}

}  // namespace locus
