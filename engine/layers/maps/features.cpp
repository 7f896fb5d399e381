#include <algorithm>

#include "engine/layers/makers.hpp"

namespace locus::layers {
namespace {

/// The batch's own vectors.
class Features : public Layer {
 public:
  explicit Features(const NodeReader& reader) : width_(reader.positive("width")) {}
  int64_t width() const override { return width_; }
  void run(std::span<const ConstView>, std::span<const View> outputs, Run& run) const override {
    for_rows(run, run.rows.count(), width_, [&](int64_t begin, int64_t end, int) {
      for (int64_t row = begin; row < end; ++row) {
        std::copy_n(run.rows.features.begin() + row * width_, width_, outputs[0].row(row).begin());
      }
    });
  }

 private:
  int64_t width_;
};

}  // namespace

std::unique_ptr<Layer> make_features(const NodeReader& reader) {
  return std::make_unique<Features>(reader);
}

}  // namespace locus::layers
