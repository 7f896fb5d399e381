#include <algorithm>
#include <cmath>

#include "engine/ops/ops.hpp"
#include "engine/positions/mechanisms/runs.hpp"
#include "engine/positions/mechanisms/sinusoid.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {
namespace {

// x <- W [x; E] = W1 x + W2 E: a projection of the concatenation, in two products.
class Concatenation : public PositionalEncoding {
 public:
  Concatenation(Sinusoid sinusoid, Tensor tokens, Tensor positions, int64_t capacity)
      : sinusoid_(sinusoid), tokens_(std::move(tokens)), positions_(std::move(positions)) {
    const Tensor rows = sinusoid_.table(tabulated(capacity), 1);
    table_ = Tensor(rows.shape());
    ops::multiply_transposed(rows.view(), positions_.view(), table_.view());
  }

  void embed(View x, const Block& block) const override {  // x [T, D]
    const Scratch::Frame frame(block.scratch);
    const View sum = block.scratch.matrix(x.size(0), x.size(1));
    const View row = block.scratch.matrix(1, x.size(1));
    for (int64_t i = 0; i < x.size(0); ++i) {
      const auto target = sum.row(i);
      const double position = block.queries.at(i);
      if (position >= 0 && position < static_cast<double>(table_.shape()[0]) &&
          position == std::floor(position)) {
        std::ranges::copy(table_.view().row(static_cast<int64_t>(position)), target.begin());
      } else {
        sinusoid_.write(position, 1, row.row(0));
        ops::multiply_transposed(row, positions_.view(), sum.slice(0, i, i + 1));
      }
    }
    ops::add_multiply_transposed(x, tokens_.view(), sum);
    for (int64_t i = 0; i < x.size(0); ++i) std::ranges::copy(sum.row(i), x.row(i).begin());
  }

 private:
  Sinusoid sinusoid_;
  Tensor tokens_;     // W1 [D, D]
  Tensor positions_;  // W2 [D, D]
  Tensor table_;      // E W2^T [rows, D]
};

}  // namespace

// Weights `tokens` and `positions` [D out, D in]; initially the identity, which is the sum x + E.
Scheme concatenation() {
  Scheme row;
  row.name = "concatenation";
  row.summary = "token vector and sinusoid side by side, projected: W1 x + W2 E";
  row.source = "after Vaswani et al. 2017, section 3.5: the sum is the case W1 = W2 = 1";
  row.parameters = sinusoid_parameters();
  std::erase_if(row.parameters, [](const SchemeParameter& parameter) {
    return parameter.name == "start" || parameter.name == "zero_row";
  });
  row.traits.absolute = true;
  row.traits.learned = true;
  row.make = [](const Attributes& attributes, SchemeWeights& weights,
                const SchemeContext& context) {
    const Sinusoid sinusoid = read_sinusoid(Settings("concatenation", attributes), context.width);
    const Shape square{context.width, context.width};
    const Initial identity{Initial::Kind::identity};
    return std::make_shared<Concatenation>(sinusoid, weights.take("tokens", square, identity),
                                           weights.take("positions", square, identity),
                                           context.capacity);
  };
  return row;
}

}  // namespace locus::positions
