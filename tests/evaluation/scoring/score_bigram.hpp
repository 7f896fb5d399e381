// A causal model whose next token depends on the last one alone: every figure is known by hand.
#pragma once

#include <cmath>
#include <memory>

#include "engine/graph.hpp"
#include "engine/session.hpp"

namespace locus::tests {

constexpr int64_t bigram_vocabulary = 6;

/// The logit of `next` after `last`: all different, far from symmetric.
inline float bigram_logit(int32_t last, int32_t next) {
  const int32_t scattered = (last + 4 * next + 3 * last * next * next) % 11;
  return 0.4f * static_cast<float>(scattered) - 0.05f * static_cast<float>(next);
}

/// log p(next | last) by definition.
inline double bigram_log_p(int32_t last, int32_t next) {
  double sum = 0;
  for (int32_t other = 0; other < bigram_vocabulary; ++other) {
    sum += std::exp(static_cast<double>(bigram_logit(last, other)));
  }
  return bigram_logit(last, next) - std::log(sum);
}

/// With a poison of 1e20, logits after token 4 are beyond all floats.
inline std::shared_ptr<const Graph> bigram_graph(float poison = 0,
                                                 const char* visibility = "causal") {
  Tensor identity(Shape{bigram_vocabulary, bigram_vocabulary});
  Tensor logits(Shape{bigram_vocabulary, bigram_vocabulary});
  for (int32_t last = 0; last < bigram_vocabulary; ++last) {
    identity.view()(last, last) = last == 4 ? 1 + poison : 1;
    for (int32_t next = 0; next < bigram_vocabulary; ++next) {
      logits.view()(next, last) = bigram_logit(last, next) + (last == 4 ? poison : 0);
    }
  }
  Weights weights;
  weights.add("zero", Tensor(Shape{bigram_vocabulary, bigram_vocabulary}));
  weights.add("embedding", std::move(identity));
  weights.add("head", std::move(logits));
  GraphSpec spec;
  spec.family = "bigram";
  spec.task = "causal-lm";
  spec.width = bigram_vocabulary;
  spec.context = 8;
  // Attention that adds nothing, so that the graph is a causal one with caches.
  const Attributes attention{{"heads", int64_t{1}},
                             {"head_size", bigram_vocabulary},
                             {"visibility", std::string(visibility)}};
  const WeightRef zero{"zero", {}};
  spec.nodes = {
      {"embedding", "embedding", {"ids"}, {}, {{"table", {"embedding", {}}}}, ""},
      {"attention",
       "attention",
       {"embedding"},
       attention,
       {{"query", zero}, {"key", zero}, {"value", zero}, {"output", zero}},
       ""},
      {"sum", "add", {"embedding", "attention"}, {}, {}, ""},
      {"rows", "gather", {"sum"}, {}, {}, ""},
      {"head", "linear", {"rows"}, {}, {{"weight", {"head", {}}}}, ""},
  };
  spec.outputs = {{"last_hidden_state", "embedding"}, {"logits", "head"}};
  return std::make_shared<const Graph>(spec, weights);
}

inline Session bigram_session(float poison = 0) {
  return Session(bigram_graph(poison), {.threads = 2});
}

}  // namespace locus::tests
