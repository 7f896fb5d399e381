#include <algorithm>
#include <cmath>

#include "engine/ops/ops.hpp"
#include "engine/positions/mechanisms/distance_columns.hpp"
#include "engine/positions/mechanisms/distance_diagonals.hpp"
#include "engine/positions/mechanisms/runs.hpp"
#include "engine/positions/mechanisms/settings.hpp"
#include "engine/positions/mechanisms/sinusoid.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {
namespace {

/// What Transformer-XL learns.
struct TransformerXlWeights {
  Tensor content_bias;   // u [H, d]
  Tensor position_bias;  // v [H, d]
  Tensor projection;     // W_R [H d, D]
};

// s[i, j] += scale u . k_j + (q_i + scale v) . W_R R(i - j). The fourth term, q . k, is
// attention's.
class TransformerXl : public PositionalEncoding {
 public:
  struct Extent {
    int64_t capacity = 0;
    double clamp = 0;  // the largest distance that is told from others; 0: none
    Precision precision = Precision::f32;
  };
  TransformerXl(TransformerXlWeights weights, Sinusoid sinusoid, Extent extent)
      : weights_(std::move(weights)), sinusoid_(std::move(sinusoid)), clamp_(extent.clamp) {
    const int64_t capacity = extent.capacity;
    const int64_t rows = 2 * tabulated(std::min(capacity, max_tabulated)) - 1;
    reach_ = std::max<int64_t>(0, rows / 2);
    const Tensor distances = rows_of(-reach_, 2 * reach_ + 1);
    content_ = DistanceDiagonals(1, extent.precision);
    table_ = DistanceColumns(2 * reach_ + 1, extent.precision);
    Tensor columns = new_table({size(), 2 * reach_ + 1});
    for (int64_t head = 0; head < heads(); ++head) {
      ops::multiply_transposed(projection(head), distances.view(), columns.view());
      table_.add_head(columns.view());
      const auto content = weights_.content_bias.view().row(head);
      content_.add_head(ConstView(content.data(), {size(), 1}));
    }
  }

  void score(View s, ConstView q, ConstView k, const Block& block) const override {
    for (int64_t h = 0; h < s.size(0); ++h) {  // s [H, Tq, Tk]
      const int64_t head = block.first_head + h;
      const Scratch::Frame frame(block.scratch);
      const auto content = content_terms(k[h], head, block);
      const View queries = block.scratch.matrix(q.size(1), q.size(2));  // q + scale v [Tq, d]
      const auto bias = weights_.position_bias.view().row(head);
      for (int64_t i = 0; i < q.size(1); ++i) {
        const auto from = q[h].row(i);
        const auto to = queries.row(i);
        for (size_t c = 0; c < to.size(); ++c) to[c] = from[c] + block.scale * bias[c];
      }
      add_positions(s[h], queries, content, head, block);
    }
  }

 private:
  static constexpr int64_t max_tabulated = 2048;  // a row takes H d values, not one

  int64_t heads() const { return weights_.content_bias.shape()[0]; }
  int64_t size() const { return weights_.content_bias.shape()[1]; }
  ConstView projection(int64_t head) const {  // [d, D]
    return weights_.projection.view().slice(0, head * size(), (head + 1) * size());
  }

  void write_wave(double distance, std::span<float> row) const {
    if (clamp_ > 0) distance = std::clamp(distance, -clamp_, clamp_);
    sinusoid_.write(distance, 1, row);
  }

  // R of distances first, first + 1, ... (key - query), [count, D]
  Tensor rows_of(int64_t first, int64_t count) const {
    Tensor rows({count, sinusoid_.width});
    for (int64_t row = 0; row < count; ++row) {
      write_wave(static_cast<double>(-first - row), rows.view().row(row));
    }
    return rows;
  }

  // scale u . k_j, the same for every query: u is the vector of every distance. [Tk], of the
  // scratch
  std::span<const float> content_terms(ConstView k, int64_t head, const Block& block) const {
    const View terms = block.scratch.matrix(1, k.size(0));
    std::ranges::fill(terms.row(0), 0.0f);
    const Scratch::Frame frame(block.scratch);
    const ops::Operand keys = content_.packed(block.packed_keys, k, block.scratch);
    content_.add(terms, keys, {head, block.scale}, everywhere_, 0, block.scratch);
    return terms.row(0);
  }

  // The row of a query is that of the query before it, moved by one column. Both terms are added to
  // a row while it is in the nearest cache.
  void add_positions(View s, ConstView queries, std::span<const float> content, int64_t head,
                     const Block& block) const {
    const auto first_query = run_start(block.queries);
    const auto first_key = run_start(block.keys);
    if (!first_query || !first_key) return add_scattered(s, queries, content, head, block);
    const int64_t last_row = queries.size(0) - 1;
    const int64_t nearest = *first_key - *first_query - last_row;  // distance of the last query
    const Scratch::Frame frame(block.scratch);
    const View products =
        meet(queries, head, {nearest, nearest + last_row + block.keys.count}, block);
    for (int64_t i = 0; i < s.size(0); ++i) {
      ops::add(s.row(i), content);
      ops::add(s.row(i), products.row(i).subspan(last_row - i, s.size(1)));
    }
  }

  // Products with projected rows of consecutive distances: of the table, or made where it ends.
  // [Tq, distances]
  View meet(ConstView queries, int64_t head, Range distances, const Block& block) const {
    if (distances.begin >= -reach_ && distances.end <= reach_ + 1) {
      return table_.products(queries, head, {distances.begin + reach_, distances.end + reach_},
                             block.scratch);
    }
    const int64_t count = distances.end - distances.begin;
    const View products = block.scratch.matrix(queries.size(0), count),
               columns = block.scratch.matrix(size(), count);
    ops::multiply_transposed(projection(head), rows_of(distances.begin, count).view(), columns);
    ops::multiply(queries, columns, products);
    return products;
  }

  // Positions in any order: W_R^T (q + scale v) meets the sinusoid of every distance.
  void add_scattered(View s, ConstView queries, std::span<const float> content, int64_t head,
                     const Block& block) const {
    const Scratch::Frame frame(block.scratch);
    const View spread = block.scratch.matrix(queries.size(0), sinusoid_.width);  // [Tq, D]
    ops::multiply(queries, projection(head), spread);
    const auto wave = block.scratch.values(sinusoid_.width);
    for (int64_t i = 0; i < s.size(0); ++i) {
      const auto query = spread.row(i);
      for (int64_t j = 0; j < s.size(1); ++j) {
        write_wave(-distance(block, i, j), wave);
        double sum = 0;
        for (size_t c = 0; c < wave.size(); ++c) sum += static_cast<double>(query[c]) * wave[c];
        s(i, j) += content[j] + static_cast<float>(sum);
      }
    }
  }

  TransformerXlWeights weights_;
  Sinusoid sinusoid_;
  double clamp_;
  int64_t reach_ = 0;
  DistanceDiagonals content_;
  DistanceRows everywhere_ = DistanceRows::clamped(0, 0);
  DistanceColumns table_;  // W_R R of distances -reach ... reach (key - query)
};

std::shared_ptr<const PositionalEncoding> make_transformer_xl(const Attributes& attributes,
                                                              SchemeWeights& weights,
                                                              const SchemeContext& context) {
  require_even("transformer_xl", "width", context.width);
  Sinusoid sinusoid;
  sinusoid.width = context.width;
  sinusoid.layout = Sinusoid::Layout::halves;
  if (weights.contains("frequencies")) {
    const Tensor stored = weights.take("frequencies", {context.width / 2}, {});
    sinusoid.stored.assign(stored.values().begin(), stored.values().end());
  }
  const Shape biases{context.heads, context.head_size};
  TransformerXlWeights taken{
      weights.take("content_bias", biases, {}), weights.take("position_bias", biases, {}),
      weights.take("projection", {context.heads * context.head_size, context.width}, {})};
  const Settings settings("transformer_xl", attributes);
  const auto clamp = static_cast<double>(settings.at_least(0, "clamp"));
  return std::make_shared<TransformerXl>(
      std::move(taken), std::move(sinusoid),
      TransformerXl::Extent{context.capacity, clamp, context.precision});
}

}  // namespace

// Weights `content_bias` (u) and `position_bias` (v) [H, d], `projection` (W_R) [H d, D]; initially
// normal, deviation 0.02. Weight `frequencies` [D / 2] where a checkpoint stores some that it
// rounded: they win over the formula.
Scheme transformer_xl() {
  Scheme row;
  row.name = "transformer_xl";
  row.summary = "a projected sinusoid of the distance that meets queries, and two learned biases";
  row.source = "Dai et al. 2019, Transformer-XL, section 3.3";
  row.parameters = {{"clamp", int64_t{0}, "distances from here on are one; 0: none"}};
  row.traits.relative = true;
  row.traits.meets_heads = true;
  row.traits.learned = true;
  row.make = make_transformer_xl;
  return row;
}

}  // namespace locus::positions
