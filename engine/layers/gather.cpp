#include <algorithm>

#include "engine/error.hpp"
#include "engine/layers/makers.hpp"

namespace locus {
namespace {

/// Copies the rows that the head is wanted for.
class GatherRequested : public Layer {
 public:
  explicit GatherRequested(int64_t width) : width_(width) {}
  int64_t width() const override { return width_; }
  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    for (size_t index = 0; index < run.requested.size(); ++index) {
      std::ranges::copy(inputs[0].row(run.requested[index]), outputs[0].row(index).data());
    }
  }

 private:
  int64_t width_;
};

/// The first row of each sequence.
class PoolFirst : public Layer {
 public:
  explicit PoolFirst(int64_t width) : width_(width) {}
  int64_t width() const override { return width_; }
  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    for (int64_t sequence = 0; sequence < run.rows.sequences(); ++sequence) {
      std::ranges::copy(inputs[0].row(run.rows.offsets[sequence]), outputs[0].row(sequence).data());
    }
  }

 private:
  int64_t width_;
};

/// The last row of each sequence.
class PoolLast : public Layer {
 public:
  explicit PoolLast(int64_t width) : width_(width) {}
  int64_t width() const override { return width_; }
  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    for (int64_t sequence = 0; sequence < run.rows.sequences(); ++sequence) {
      const int64_t last = run.rows.offsets[sequence + 1] - 1;
      std::ranges::copy(inputs[0].row(last), outputs[0].row(sequence).data());
    }
  }

 private:
  int64_t width_;
};

class PoolMean : public Layer {
 public:
  explicit PoolMean(int64_t width) : width_(width) {}
  int64_t width() const override { return width_; }
  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    for (int64_t sequence = 0; sequence < run.rows.sequences(); ++sequence) {
      const std::span<float> mean = outputs[0].row(sequence);
      std::ranges::fill(mean, 0.0f);
      const int64_t begin = run.rows.offsets[sequence], end = run.rows.offsets[sequence + 1];
      for (int64_t row = begin; row < end; ++row) {
        for (int64_t column = 0; column < width_; ++column) mean[column] += inputs[0](row, column);
      }
      for (float& value : mean) value /= static_cast<float>(end - begin);
    }
  }

 private:
  int64_t width_;
};

class PoolMax : public Layer {
 public:
  explicit PoolMax(int64_t width) : width_(width) {}
  int64_t width() const override { return width_; }
  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    for (int64_t sequence = 0; sequence < run.rows.sequences(); ++sequence) {
      const std::span<float> largest = outputs[0].row(sequence);
      const int64_t begin = run.rows.offsets[sequence], end = run.rows.offsets[sequence + 1];
      std::ranges::copy(inputs[0].row(begin), largest.data());
      for (int64_t row = begin + 1; row < end; ++row) {
        for (int64_t column = 0; column < width_; ++column) {
          largest[column] = std::max(largest[column], inputs[0](row, column));
        }
      }
    }
  }

 private:
  int64_t width_;
};

}  // namespace

std::unique_ptr<Layer> make_gather(const NodeReader& reader) {
  const std::string rows = reader.text("rows", "requested");
  if (rows == "requested") return std::make_unique<GatherRequested>(reader.input_width());
  if (rows == "first") return std::make_unique<PoolFirst>(reader.input_width());
  if (rows == "last") return std::make_unique<PoolLast>(reader.input_width());
  throw Error(reader.name(), "rows requested, first or last", "'" + rows + "'");
}

std::unique_ptr<Layer> make_pool(const NodeReader& reader) {
  const std::string kind = reader.text("kind", "mean");
  if (kind == "mean") return std::make_unique<PoolMean>(reader.input_width());
  if (kind == "max") return std::make_unique<PoolMax>(reader.input_width());
  if (kind == "first") return std::make_unique<PoolFirst>(reader.input_width());
  throw Error(reader.name(), "a pool of kind mean, max or first", "'" + kind + "'");
}

}  // namespace locus
