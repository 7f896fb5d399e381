#include <algorithm>

#include "engine/layers/makers.hpp"

namespace locus::layers {
namespace {

/// Rows of a mask's id become 0, and what remains of a sequence grows by as much as a model misses
/// that was trained with a share of its rows hidden: by (1 - share) / (1 - the share hidden here).
/// Rives et al. 2021; transformers' `token_dropout` of ESM.
class TokenDropout : public Layer {
 public:
  explicit TokenDropout(const NodeReader& reader)
      : width_(reader.input_width()),
        hidden_(reader.positive("id")),
        share_(static_cast<float>(reader.number("share", 0))) {}

  int64_t width() const override { return width_; }
  bool in_place() const override { return true; }

  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    for (int64_t sequence = 0; sequence < run.rows.sequences(); ++sequence) {
      const int64_t begin = run.rows.offsets[sequence], end = run.rows.offsets[sequence + 1];
      const auto ids = std::span(run.rows.ids).subspan(begin, end - begin);
      const auto hidden = static_cast<float>(std::ranges::count(ids, hidden_));
      const auto length = static_cast<float>(ids.size());
      const float factor = hidden == length ? 0 : (1 - share_) / (1 - hidden / length);
      for (int64_t row = begin; row < end; ++row) {
        const float own = run.rows.ids[row] == hidden_ ? 0 : factor;
        std::ranges::transform(inputs[0].row(row), outputs[0].row(row).begin(),
                               [own](float value) { return value * own; });
      }
    }
  }

 private:
  int64_t width_;
  int64_t hidden_;  // id of the mask
  float share_;     // of rows that training hid
};

}  // namespace

std::unique_ptr<Layer> make_token_dropout(const NodeReader& reader) {
  return std::make_unique<TokenDropout>(reader);
}

}  // namespace locus::layers
