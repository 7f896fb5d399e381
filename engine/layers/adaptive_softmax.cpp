#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "engine/layers/makers.hpp"

namespace locus::layers {
namespace {

/// Log-probabilities of a vocabulary in clusters: the frequent tokens and the clusters themselves
/// share the head's distribution, and each cluster has one of its own. Grave et al. 2017,
/// section 3.
class AdaptiveSoftmax : public Layer {
 public:
  explicit AdaptiveSoftmax(const NodeReader& reader) {
    for (size_t input = 0; input < reader.inputs(); ++input) {
      widths_.push_back(reader.input_width(input));
    }
    if (widths_[0] <= clusters()) {
      throw Error(reader.name(), "a head of more than " + std::to_string(clusters()) + " columns",
                  std::to_string(widths_[0]));
    }
  }

  int64_t width() const override {
    return std::accumulate(widths_.begin(), widths_.end(), -clusters());
  }

  // inputs: head [rows, frequent + clusters], then a tail [rows, tokens of the cluster] for each.
  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    for_rows(run, outputs[0].size(0), width(), [&](int64_t begin, int64_t end, int) {
      for (int64_t row = begin; row < end; ++row) run_row(inputs, outputs[0].row(row), row);
    });
  }

 private:
  int64_t clusters() const { return static_cast<int64_t>(widths_.size()) - 1; }

  void run_row(std::span<const ConstView> inputs, std::span<float> y, int64_t row) const {
    const auto head = inputs[0].row(row);
    const auto frequent = head.size() - static_cast<size_t>(clusters());
    const double sum = ops::log_sum_exp(head);
    auto to = y.begin();
    const auto write = [&](std::span<const float> logits, double shift) {
      to = std::ranges::transform(logits, to, [&](float logit) {
             return static_cast<float>(logit + shift);
           }).out;
    };
    write(head.first(frequent), -sum);
    for (size_t cluster = 1; cluster < inputs.size(); ++cluster) {
      const auto tail = inputs[cluster].row(row);
      write(tail, head[frequent + cluster - 1] - sum - ops::log_sum_exp(tail));
    }
  }

  std::vector<int64_t> widths_;
};

}  // namespace

std::unique_ptr<Layer> make_adaptive_softmax(const NodeReader& reader) {
  return std::make_unique<AdaptiveSoftmax>(reader);
}

}  // namespace locus::layers
