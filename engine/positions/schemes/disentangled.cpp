#include <algorithm>
#include <memory>

#include "engine/ops/ops.hpp"
#include "engine/positions/mechanisms/runs.hpp"
#include "engine/positions/mechanisms/settings.hpp"
#include "engine/positions/schemes/distance_buckets.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {
namespace {

/// What the two terms are made of.
struct DisentangledParts {
  Tensor keys;     // of positions, which meet queries. [H, R, d], or empty
  Tensor queries;  // of positions, which meet keys. [H, R, d], or empty
  DistanceBuckets buckets;
};

// s[i, j] += q_i . K(i - j) + scale k_j . Q(i - j), both of the pair's distance.
class Disentangled : public PositionalEncoding {
 public:
  explicit Disentangled(DisentangledParts parts) : parts_(std::move(parts)) {}

  void score(View s, ConstView q, ConstView k, const Block& block) const override {
    for (int64_t h = 0; h < s.size(0); ++h) {  // s [H, Tq, Tk]
      const int64_t head = block.first_head + h;
      if (parts_.keys.count() > 0) meet_queries(s[h], q[h], head, block);
      if (parts_.queries.count() == 0) continue;
      // Parts of few keys: each meets the rows that its own distances take alone.
      const int64_t step = std::max<int64_t>(block.queries.count, 16);
      for (int64_t begin = 0; begin < k.size(1); begin += step) {
        const int64_t end = std::min(begin + step, k.size(1));
        const Block part{block.queries,    block.keys.slice(begin, end),
                         block.first_head, block.length,
                         block.scale,      block.scratch};
        meet_keys(s[h].slice(1, begin, end), k[h].slice(0, begin, end), head, part);
      }
    }
  }

 private:
  /// The rows of a tile's distances, [begin, end), and the distance query - key at its corner
  /// where positions are consecutive.
  struct Window {
    int64_t begin, end;
    std::optional<int64_t> corner;
  };

  Window window(const Tensor& table, const Block& block) const {
    const auto query = run_start(block.queries), key = run_start(block.keys);
    if (!query || !key) return {0, table.shape()[1], std::nullopt};
    const int64_t corner = *query - *key;
    return {parts_.buckets.row(corner - (block.keys.count - 1)),
            parts_.buckets.row(corner + block.queries.count - 1) + 1, corner};
  }
  int64_t row(const Window& window, const Block& block, int64_t query, int64_t key) const {
    const int64_t distance = window.corner
                                 ? *window.corner + query - key
                                 : whole("disentangled", -positions::distance(block, query, key));
    return parts_.buckets.row(distance) - window.begin;
  }

  void meet_queries(View s, ConstView q, int64_t head, const Block& block) const {
    const Window rows = window(parts_.keys, block);
    const Scratch::Frame frame(block.scratch);
    const View products = block.scratch.matrix(q.size(0), rows.end - rows.begin);  // [Tq, R]
    ops::multiply_transposed(q, parts_.keys.view()[head].slice(0, rows.begin, rows.end), products);
    for (int64_t i = 0; i < s.size(0); ++i) {
      const auto scores = s.row(i);  // [Tk]
      const auto product = products.row(i);
      for (int64_t j = 0; j < s.size(1); ++j) scores[j] += product[row(rows, block, i, j)];
    }
  }

  void meet_keys(View s, ConstView k, int64_t head, const Block& block) const {
    const Window rows = window(parts_.queries, block);
    const Scratch::Frame frame(block.scratch);
    const View products = block.scratch.matrix(k.size(0), rows.end - rows.begin);  // [Tk, R]
    ops::multiply_transposed(k, parts_.queries.view()[head].slice(0, rows.begin, rows.end),
                             products);
    for (int64_t i = 0; i < s.size(0); ++i) {
      const auto scores = s.row(i);  // [Tk]
      for (int64_t j = 0; j < s.size(1); ++j) {
        scores[j] += block.scale * products(j, row(rows, block, i, j));
      }
    }
  }

  DisentangledParts parts_;
};

/// Reads the table and projects it, head by head.
class Reader {
 public:
  Reader(const Settings& settings, SchemeWeights& weights, const SchemeContext& context)
      : settings_(settings), weights_(weights), context_(context) {
    sizes_.buckets = settings.at_least(0, "buckets");
    const int64_t fresh = sizes_.buckets > 0 ? sizes_.buckets : settings.at_least(1, "span");
    const int64_t rows = weights.contains("table") ? -1 : 2 * fresh;
    table_ = weights.take("table", {rows, context.width}, {});  // [2 span, D]
    if (table_.shape()[0] % 2 != 0) {
      settings.fail("a table of an even number of rows, 2 span", to_string(table_.shape()));
    }
    sizes_.span = table_.shape()[0] / 2;
    sizes_.max_distance = settings.at_least(0, "max_distance");
    if (sizes_.max_distance == 0) sizes_.max_distance = 2 * sizes_.span;
    check_buckets();
    normalise();
  }

  DisentangledParts read() {
    enum class Terms { both, keys, queries };
    const auto terms = settings_.choose<Terms>(
        "terms", {{"both", Terms::both}, {"c2p", Terms::keys}, {"p2c", Terms::queries}});
    Tensor keys, queries;
    if (terms != Terms::queries) keys = projected("key");
    if (terms != Terms::keys) queries = projected("query");
    return {std::move(keys), std::move(queries), DistanceBuckets(sizes_)};
  }

 private:
  void check_buckets() const {
    if (sizes_.buckets == 0) return;
    if (sizes_.buckets < 4 || sizes_.buckets % 2 != 0 || sizes_.max_distance < sizes_.buckets) {
      settings_.fail("an even number of buckets from 4 to max_distance = " +
                         std::to_string(sizes_.max_distance),
                     std::to_string(sizes_.buckets));
    }
  }

  void normalise() {
    enum class Norm { none, layer };
    const auto norm =
        settings_.choose<Norm>("norm", {{"none", Norm::none}, {"layer", Norm::layer}});
    if (norm == Norm::none) return;
    const Tensor gain = weights_.take("gain", {context_.width}, {Initial::Kind::one});
    const Tensor bias = weights_.take("bias", {context_.width}, {Initial::Kind::zero});
    const auto epsilon = static_cast<float>(settings_.positive("epsilon"));
    ops::norm(table_.view(), table_.view(),
              {ops::NormKind::layer, gain.values(), bias.values(), epsilon});
  }

  // W P + b, [H, R, d]
  Tensor projected(const std::string& name) {
    const int64_t rows = table_.shape()[0], d = context_.head_size;
    const Shape all{context_.heads * d, context_.width};
    const Tensor weight = weights_.take(name, all, {});
    Tensor result = new_table({context_.heads, rows, d});
    for (int64_t head = 0; head < context_.heads; ++head) {
      ops::multiply_transposed(table_.view(), weight.view().slice(0, head * d, (head + 1) * d),
                               result.view()[head]);
    }
    const std::string bias_name = name + "_bias";
    if (!weights_.contains(bias_name)) return result;
    const Tensor bias = weights_.take(bias_name, {all[0]}, {Initial::Kind::zero});
    add_bias(result, bias);
    return result;
  }

  static void add_bias(Tensor& table, const Tensor& bias) {
    const int64_t rows = table.shape()[1], d = table.shape()[2];
    for (int64_t head = 0; head < table.shape()[0]; ++head) {
      for (int64_t row = 0; row < rows; ++row) {
        const auto values = table.view()[head].row(row);
        for (int64_t c = 0; c < d; ++c) values[c] += bias.data()[head * d + c];
      }
    }
  }

  const Settings& settings_;
  SchemeWeights& weights_;
  const SchemeContext& context_;
  DistanceBuckets::Sizes sizes_;
  Tensor table_;
};

std::shared_ptr<const PositionalEncoding> make_disentangled(const Attributes& attributes,
                                                            SchemeWeights& weights,
                                                            const SchemeContext& context) {
  const Settings settings("disentangled", attributes);
  return std::make_shared<Disentangled>(Reader(settings, weights, context).read());
}

SchemeTraits refine_disentangled(SchemeTraits traits, const Attributes& attributes) {
  traits.score_terms = Settings("disentangled", attributes).text("terms") == "both" ? 2 : 1;
  return traits;
}

}  // namespace

// Weights `table` [2 span, D], row span + bucket(query - key); `key` and `query` [H d, D] with
// `key_bias` and `query_bias` [H d], the projections of the layer that the scheme serves; `gain`
// and `bias` [D] of the table's norm. Initially normal, deviation 0.02, without biases.
Scheme disentangled() {
  Scheme row;
  row.name = "disentangled";
  row.summary = "vectors by distance, projected as the layer's keys and queries, meet both";
  row.source = "He et al. 2021, DeBERTa, section 3.1; DeBERTaV3, section 2";
  row.parameters = {
      {"terms", std::string("both"),
       "c2p: queries meet positions; p2c: keys meet positions; both. The scale of attention is "
       "1/sqrt(d (1 + terms))"},
      {"span", int64_t{512}, "half of the rows of a new table without buckets"},
      {"buckets", int64_t{0}, "distances share rows by logarithm; 0: each has its own"},
      {"max_distance", int64_t{0}, "where the logarithm ends; 0: rows of the table"},
      {"norm", std::string("none"), "of the table before it is projected: none or layer"},
      {"epsilon", 1e-7, "of that norm"},
  };
  row.traits.relative = true;
  row.traits.meets_heads = true;
  row.traits.learned = true;
  row.refine = refine_disentangled;
  row.make = make_disentangled;
  return row;
}

}  // namespace locus::positions
