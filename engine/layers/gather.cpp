#include <algorithm>
#include <functional>

#include "base/error.hpp"
#include "engine/layers/makers.hpp"

namespace locus::layers {
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

/// The index of a row in a sequence.
using Pick = std::function<int64_t(const Run& run, int64_t sequence)>;

/// One row of each sequence; 0 where it has no new rows.
class PickRow : public Layer {
 public:
  PickRow(int64_t width, Pick pick) : width_(width), pick_(std::move(pick)) {}
  int64_t width() const override { return width_; }
  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    for (int64_t sequence = 0; sequence < run.rows.sequences(); ++sequence) {
      const std::span<float> row = outputs[0].row(sequence);
      if (run.rows.length(sequence) == 0) {
        std::ranges::fill(row, 0.0f);
      } else {
        const int64_t index = run.rows.offsets[sequence] + pick_(run, sequence);
        std::ranges::copy(inputs[0].row(index), row.data());
      }
    }
  }

 private:
  int64_t width_;
  Pick pick_;
};

int64_t pick_first(const Run&, int64_t) { return 0; }
int64_t pick_last(const Run& run, int64_t sequence) { return run.rows.length(sequence) - 1; }

/// The ids of the text that a sequence stands for: the encoder's where a decoder reads it too.
std::span<const int32_t> text_of(const std::string& node, const Run& run, int64_t sequence) {
  const session::Rows& text = run.memory;
  const int64_t source = &run.rows == &text ? sequence : run.rows.source[sequence];
  const int64_t begin = text.offsets[source], length = text.length(source);
  if (length != run.rows.length(sequence)) {
    throw Error(node, std::to_string(length) + " decoder ids, one for each id of the text",
                std::to_string(run.rows.length(sequence)));
  }
  return std::span(text.ids).subspan(begin, length);
}

/// The last row whose id is `id`, which every text must have.
Pick pick_last_of(const std::string& node, int32_t id) {
  return [=](const Run& run, int64_t sequence) {
    const auto text = text_of(node, run, sequence);
    for (auto row = static_cast<int64_t>(text.size()) - 1; row >= 0; --row) {
      if (text[row] == id) return row;
    }
    throw Error(node, "the id " + std::to_string(id) + " in every text", "none");
  };
}

/// The last row whose id is not `id`; the first where there is none.
Pick pick_last_other(const std::string& node, int32_t id) {
  return [=](const Run& run, int64_t sequence) {
    const auto text = text_of(node, run, sequence);
    auto row = static_cast<int64_t>(text.size()) - 1;
    while (row > 0 && text[row] == id) --row;
    return row;
  };
}

/// The row before the first whose id is `id`; the last where there is none.
Pick pick_before(const std::string& node, int32_t id) {
  return [=](const Run& run, int64_t sequence) {
    const auto text = text_of(node, run, sequence);
    const auto length = static_cast<int64_t>(text.size());
    const int64_t found = std::ranges::find(text, id) - text.begin();
    return (found + length - 1) % length;
  };
}

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

Pick picker(const NodeReader& reader, const std::string& rows) {
  if (rows == "first") return pick_first;
  if (rows == "last") return pick_last;
  const auto id = static_cast<int32_t>(reader.integer("id", -1));
  if (rows == "last_of") return pick_last_of(reader.name(), id);
  if (rows == "last_other") return pick_last_other(reader.name(), id);
  if (rows == "before") return pick_before(reader.name(), id);
  throw Error(reader.name(), "rows requested, first, last, last_of, last_other or before",
              "'" + rows + "'");
}

}  // namespace

std::unique_ptr<Layer> make_gather(const NodeReader& reader) {
  const std::string rows = reader.text("rows", "requested");
  if (rows == "requested") return std::make_unique<GatherRequested>(reader.input_width());
  return std::make_unique<PickRow>(reader.input_width(), picker(reader, rows));
}

std::unique_ptr<Layer> make_pool(const NodeReader& reader) {
  const std::string kind = reader.text("kind", "mean");
  if (kind == "mean") return std::make_unique<PoolMean>(reader.input_width());
  if (kind == "max") return std::make_unique<PoolMax>(reader.input_width());
  if (kind == "first") return std::make_unique<PickRow>(reader.input_width(), pick_first);
  throw Error(reader.name(), "a pool of kind mean, max or first", "'" + kind + "'");
}

}  // namespace locus::layers
