#include "engine/positions/schemes/t5.hpp"

#include <algorithm>
#include <cmath>

#include "engine/positions/mechanisms/runs.hpp"
#include "engine/positions/mechanisms/score_bias.hpp"
#include "engine/positions/mechanisms/settings.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {

int64_t T5Buckets::of(int64_t distance) const {
  const int64_t side = bidirectional ? count / 2 : count;
  const int64_t later = bidirectional && distance > 0 ? side : 0;
  const int64_t n = bidirectional ? std::abs(distance) : std::max<int64_t>(-distance, 0);
  const int64_t exact = side / 2;
  if (n < exact) return later + n;
  if (n >= max_distance) return later + side - 1;
  const double logarithm = std::log(static_cast<double>(n) / static_cast<double>(exact)) /
                           std::log(static_cast<double>(max_distance) / static_cast<double>(exact));
  const auto step = static_cast<int64_t>(logarithm * static_cast<double>(side - exact));
  return later + std::min(exact + step, side - 1);
}

namespace {

T5Buckets read_buckets(const Settings& settings, bool causal) {
  enum class Direction { automatic, both, past };
  const auto direction = settings.choose<Direction>(
      "direction",
      {{"auto", Direction::automatic}, {"both", Direction::both}, {"past", Direction::past}});
  T5Buckets buckets;
  buckets.bidirectional =
      direction == Direction::automatic ? !causal : direction == Direction::both;
  buckets.count = settings.at_least(buckets.bidirectional ? 4 : 2, "buckets");
  if (buckets.bidirectional && buckets.count % 2 != 0) {
    settings.fail("an even number of buckets for two directions", std::to_string(buckets.count));
  }
  const int64_t exact = buckets.count / (buckets.bidirectional ? 4 : 2);
  buckets.max_distance = settings.at_least(exact + 1, "max_distance");
  return buckets;
}

std::shared_ptr<const PositionalEncoding> make_t5(const Attributes& attributes,
                                                  SchemeWeights& weights,
                                                  const SchemeContext& context) {
  const Settings settings("t5", attributes);
  const T5Buckets buckets = read_buckets(settings, context.causal);
  // transformers' T5PreTrainedModel._init_weights: deviation D^(-1/2)
  const Initial initial{Initial::Kind::normal,
                        1 / std::sqrt(static_cast<float>(std::max<int64_t>(1, context.width)))};
  auto table = std::make_shared<const Tensor>(
      weights.take("table", {buckets.count, context.heads}, initial));  // [buckets, H]
  ScoreBiasParts parts;
  parts.heads = context.heads;
  parts.capacity = context.capacity;
  parts.bias = each_distance([table, buckets](int64_t head, double distance) {
    return table->view()(buckets.of(whole("t5", distance)), head);
  });
  return std::make_shared<ScoreBias>(std::move(parts));
}

}  // namespace

// Weight `table` [buckets, H]; initially normal, deviation D^(-1/2).
Scheme t5() {
  Scheme row;
  row.name = "t5";
  row.summary = "a learned bias for each head and bucket of distances";
  row.source = "Raffel et al. 2020, section 2.1";
  row.parameters = {
      {"buckets", int64_t{32}, "rows of the table"},
      {"max_distance", int64_t{128}, "from here on all distances share a bucket"},
      {"direction", "auto",
       "both: half of the buckets for later keys; past: all for earlier ones; auto: past where "
       "the model is causal"},
  };
  row.traits.relative = true;
  row.traits.learned = true;
  row.make = make_t5;
  return row;
}

}  // namespace locus::positions
