// Sessions on tiny graphs, and what they give.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

#include "engine/session.hpp"
#include "tests/support/tiny_graph.hpp"

namespace locus::tests {

inline std::shared_ptr<const Graph> make_graph(const TinyOptions& options) {
  const TinyGraph tiny = tiny_graph(options);
  return std::make_shared<Graph>(tiny.spec, tiny.weights, GraphOptions{.seed = 7});
}

inline std::vector<float> all_logits(Session& session) {
  std::vector<int64_t> rows(session.offsets().back());
  std::iota(rows.begin(), rows.end(), 0);
  const ConstView logits = session.logits(rows);
  return {logits.data, logits.data + logits.count()};
}

inline std::vector<float> run(Session& session, const std::vector<int32_t>& ids) {
  session.encode(std::vector<Sequence>{{ids}});
  return all_logits(session);
}

inline double largest_difference(std::span<const float> a, std::span<const float> b) {
  REQUIRE(a.size() == b.size());
  double largest = 0, scale = 0;
  for (size_t index = 0; index < a.size(); ++index) {
    largest = std::max(largest, std::abs(static_cast<double>(a[index]) - b[index]));
    scale = std::max(scale, std::abs(static_cast<double>(a[index])));
  }
  return largest / scale;
}

}  // namespace locus::tests
