// A causal model of two attention layers, made by hand, that copies what followed a token before.
#pragma once

#include <cmath>
#include <map>
#include <memory>
#include <vector>

#include "engine/graph.hpp"

namespace locus::tests {

constexpr int64_t induction_vocabulary = 40;
constexpr double induction_sharpness = 6;  // logit of a token that is certain

/// Width 3 V: a token, the token before it, what followed the like of it. The first layer looks one
/// key back by a bias on distance 1; the second looks for keys whose token before is the query's
/// own and brings the token that stands there.
inline std::shared_ptr<const Graph> induction_graph() {
  constexpr int64_t v = induction_vocabulary, width = 3 * v;
  const auto map = [](int64_t rows, int64_t columns, int64_t row, int64_t column, float value) {
    Tensor tensor(Shape{rows, columns});
    for (int64_t i = 0; i < v; ++i) tensor.view()(row + i, column + i) = value;
    return tensor;
  };
  Weights weights;
  weights.add("embedding", map(v, width, 0, 0, 1));
  weights.add("zero", Tensor(Shape{v, width}));
  weights.add("token", map(v, width, 0, 0, 1));
  weights.add("sought", map(v, width, 0, 0, 60));
  weights.add("before", map(v, width, 0, v, 1));
  weights.add("to_before", map(width, v, v, 0, 1));
  weights.add("to_result", map(width, v, 2 * v, 0, 1));
  weights.add("head", map(v, width, 0, 2 * v, static_cast<float>(induction_sharpness)));
  Tensor back(Shape{32, 1});
  back.view()(1, 0) = 60;  // one key back
  weights.add("back", std::move(back));
  GraphSpec spec;
  spec.family = "induction";
  spec.task = "causal-lm";
  spec.width = width;
  spec.encodings["back"] = {{{"t5", {{"direction", "past"}}}}, {{"table", {"back", {}}}}};
  const Attributes attention{
      {"heads", int64_t{1}}, {"head_size", v}, {"scale", 1.0}, {"visibility", "causal"}};
  const auto weight = [](const char* name) { return WeightRef{name, {}}; };
  spec.nodes = {
      {"embedding", "embedding", {"ids"}, {}, {{"table", weight("embedding")}}, ""},
      {"previous",
       "attention",
       {"embedding"},
       attention,
       {{"query", weight("zero")},
        {"key", weight("zero")},
        {"value", weight("token")},
        {"output", weight("to_before")}},
       "back"},
      {"first", "add", {"embedding", "previous"}, {}, {}, ""},
      {"induction",
       "attention",
       {"first"},
       attention,
       {{"query", weight("sought")},
        {"key", weight("before")},
        {"value", weight("token")},
        {"output", weight("to_result")}},
       ""},
      {"second", "add", {"first", "induction"}, {}, {}, ""},
      {"rows", "gather", {"second"}, {}, {}, ""},
      {"head", "linear", {"rows"}, {}, {{"weight", weight("head")}}, ""},
  };
  spec.outputs = {{"last_hidden_state", "second"}, {"logits", "head"}};
  return std::make_shared<const Graph>(spec, weights);
}

/// -log p of token `at` of ids by what the model is made to do, without any attention: the share of
/// each token among what followed the last one before, or among all tokens where it is new.
inline double induction_loss(const std::vector<int32_t>& ids, size_t at) {
  std::map<int32_t, double> counts;
  double all = 0;
  const auto count = [&](bool any) {
    for (size_t i = 0; i < at; ++i) {
      if (!any && (i == 0 || ids[i - 1] != ids[at - 1])) continue;
      counts[ids[i]] += 1;
      all += 1;
    }
  };
  count(false);
  if (all == 0) count(true);
  double sum = 0;
  for (int32_t token = 0; token < induction_vocabulary; ++token) {
    const auto found = counts.find(token);
    sum += std::exp(induction_sharpness * (found == counts.end() ? 0 : found->second / all));
  }
  const auto own = counts.find(ids[at]);
  return std::log(sum) - induction_sharpness * (own == counts.end() ? 0 : own->second / all);
}

}  // namespace locus::tests
