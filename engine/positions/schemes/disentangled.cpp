#include <algorithm>
#include <memory>

#include "engine/ops/ops.hpp"
#include "engine/positions/mechanisms/relative_vectors.hpp"
#include "engine/positions/mechanisms/runs.hpp"
#include "engine/positions/mechanisms/settings.hpp"
#include "engine/positions/schemes/distance_buckets.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {
namespace {

/// Reads the table and projects it, head by head. Its rows count query - key: they are turned
/// round.
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

  // s[i, j] += q_i . K(i - j) + scale k_j . Q(i - j), both of the pair's distance.
  RelativeVectorsParts read() {
    enum class Terms { both, keys, queries };
    const auto terms = settings_.choose<Terms>(
        "terms", {{"both", Terms::both}, {"c2p", Terms::keys}, {"p2c", Terms::queries}});
    RelativeVectorsParts parts;
    parts.name = settings_.who();
    if (terms != Terms::queries) parts.keys = projected<DistanceColumns>("key");
    if (terms != Terms::keys) parts.queries = projected<DistanceDiagonals>("query");
    const DistanceBuckets buckets(sizes_);
    const int64_t last = 2 * sizes_.span - 1;
    parts.rows = DistanceRows([&](int64_t distance) { return last - buckets.row(-distance); });
    return parts;
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

  // W P + b, the last row of the table first. [H, d, R]
  template <typename Columns>
  Columns projected(const std::string& name) {
    const int64_t rows = table_.shape()[0], d = context_.head_size;
    const Shape all{context_.heads * d, context_.width};
    const Tensor weight = weights_.take(name, all, {});
    const ConstView turned(table_.data() + (rows - 1) * context_.width, {rows, context_.width},
                           {-context_.width, 1});
    const std::string bias_name = name + "_bias";
    Tensor bias;
    if (weights_.contains(bias_name)) {
      bias = weights_.take(bias_name, {all[0]}, {Initial::Kind::zero});
    }
    Columns result(rows, context_.precision);
    Tensor columns = new_table({d, rows});
    for (int64_t head = 0; head < context_.heads; ++head) {
      ops::multiply_transposed(weight.view().slice(0, head * d, (head + 1) * d), turned,
                               columns.view());
      for (int64_t c = 0; c < d && !bias.empty(); ++c) {
        for (float& value : columns.view().row(c)) value += bias.data()[head * d + c];
      }
      result.add_head(columns.view());
    }
    return result;
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
  return std::make_shared<RelativeVectors>(Reader(settings, weights, context).read());
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
      {"terms", "both",
       "c2p: queries meet positions; p2c: keys meet positions; both. The scale of attention is "
       "1/sqrt(d (1 + terms))"},
      {"span", int64_t{512}, "half of the rows of a new table without buckets"},
      {"buckets", int64_t{0}, "distances share rows by logarithm; 0: each has its own"},
      {"max_distance", int64_t{0}, "where the logarithm ends; 0: rows of the table"},
      {"norm", "none", "of the table before it is projected: none or layer"},
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
