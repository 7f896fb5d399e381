#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "engine/core/parts.hpp"
#include "engine/layers/makers.hpp"
#include "engine/weights/data_type.hpp"
#include "engine/weights/storage.hpp"

namespace locus::layers {
namespace {

/// Rows of a table where they lie, converted as they are looked up: a file's table costs the rows
/// that texts ask for. One that changed since it was opened gives none of its new values.
class EmbeddingTable {
 public:
  explicit EmbeddingTable(const NodeReader& reader) {
    const WeightRef& reference = reader.reference("table");
    const Weights& stored = reader.source().stored();
    if (reference.steps.empty() && stored.at(reference.name).strides.empty()) {
      tensor_ = stored.at(reference.name);
      storage_ = WeightsAccess::owner(stored, reference.name);
      check_shape(reference.name, tensor_.shape, {-1, -1});
      reader.source().note(reference);
      reader.source().expect_memory(reference.name, size_of(tensor_.type));
      check_finite(reader, reference.name);
      stored.release(reference.name);
    } else {
      resolved_ = reader.take("table", {-1, -1});
      tensor_ = {DataType::f32, resolved_.shape(), std::as_bytes(resolved_.values())};
    }
  }

  int64_t rows() const { return tensor_.shape[0]; }
  int64_t width() const { return tensor_.shape[1]; }
  void look_up(int64_t row, std::span<float> values) const {
    const size_t row_bytes = values.size() * static_cast<size_t>(size_of(tensor_.type));
    const auto bytes = tensor_.place.subspan(static_cast<size_t>(row) * row_bytes, row_bytes);
    if (storage_) storage_->load(bytes);
    weights::widen("embedding", {tensor_.type, {width()}, bytes}, values);
  }

 private:
  // Many rows at a time: the table is not to be in memory as a whole.
  void check_finite(const NodeReader& reader, const std::string& name) const {
    constexpr int64_t values_together = int64_t{1} << 16;  // which stay in a core's own cache
    const Weights& stored = reader.source().stored();
    stored.verify(name);
    const int64_t rows = tensor_.shape[0], wide = width();
    const int64_t together = std::max<int64_t>(1, values_together / std::max<int64_t>(1, wide));
    const auto check = [&](int64_t part, std::vector<float>& values) {
      reader.source().check();
      const int64_t row = part * together;
      values.resize(std::min(together, rows - row) * wide);
      stored.read_f32(name, row * wide, values);
    };
    core::for_each_part<std::vector<float>>((rows + together - 1) / together, reader.team(), check);
  }

  std::shared_ptr<const weights::WeightStorage> storage_;  // none where the values are `resolved_`
  Tensor resolved_;
  StoredTensor tensor_;
};

class Embedding : public Layer {
 public:
  explicit Embedding(const NodeReader& reader)
      : name_(reader.name()),
        types_(reader.node().inputs.at(0) == "type_ids"),
        scale_(static_cast<float>(reader.number("scale", 1))),
        table_(reader),
        first_(reader.integer("first", 0)),
        vocabulary_(reader.integer("vocabulary", table_.rows())) {
    if (first_ < 0 || vocabulary_ < first_ + table_.rows()) {
      throw Error(name_, "a vocabulary of at least " + std::to_string(first_ + table_.rows()),
                  std::to_string(vocabulary_));
    }
  }

  int64_t width() const override { return table_.width(); }

  void run(std::span<const ConstView>, std::span<const View> outputs, Run& run) const override {
    const std::vector<int32_t>& ids = types_ ? run.rows.type_ids : run.rows.ids;
    check(ids);
    for_rows(run, run.rows.count(), width(), [&](int64_t begin, int64_t end, int) {
      for (int64_t row = begin; row < end; ++row) {
        const std::span<float> values = outputs[0].row(row);
        const int64_t index = ids[row] - first_;
        if (index < 0 || index >= table_.rows()) {
          std::ranges::fill(values, 0.0f);
          continue;
        }
        table_.look_up(index, values);
        if (scale_ != 1) {
          for (float& value : values) value *= scale_;
        }
      }
    });
  }

 private:
  void check(std::span<const int32_t> ids) const {
    for (size_t row = 0; row < ids.size(); ++row) {
      if (ids[row] >= 0 && ids[row] < vocabulary_) continue;
      throw Error(name_, "ids in [0, " + std::to_string(vocabulary_) + ")",
                  std::to_string(ids[row]) + " in row " + std::to_string(row));
    }
  }

  std::string name_;
  bool types_;
  float scale_;
  EmbeddingTable table_;
  int64_t first_;  // id of the table's first row; ids outside of it have rows of 0
  int64_t vocabulary_;
};

}  // namespace

std::unique_ptr<Layer> make_embedding(const NodeReader& reader) {
  return std::make_unique<Embedding>(reader);
}

}  // namespace locus::layers
