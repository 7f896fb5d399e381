#include "tools/cli/verbs/bench/peaks.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

#include "engine/session.hpp"

namespace locus::cli {
namespace {

/// One linear map of vectors, y = x W^T.
struct Product {
  int64_t rows, inputs, outputs;
};

std::shared_ptr<const Graph> graph_of(const Product& product, Precision precision) {
  GraphSpec spec;
  spec.family = "peaks";
  spec.task = "encoder";
  spec.width = product.inputs;
  spec.nodes = {{"x", "features", {}, Attributes({{"width", product.inputs}})},
                {"y", "linear", {"x"}, {}, {{"weight", {"weight", {}}}}}};
  spec.outputs = {{"last_hidden_state", "y"}};
  Weights weights;
  Tensor values({product.outputs, product.inputs});
  for (int64_t i = 0; i < values.count(); ++i) {
    values.data()[i] = static_cast<float>(i % 255 - 127) / 128;
  }
  weights.add("weight", std::move(values));
  return std::make_shared<Graph>(std::move(spec), weights, GraphOptions{.precision = precision});
}

// Seconds of the fastest of some runs.
double fastest(const Product& product, Precision precision, int threads) {
  Session session(graph_of(product, precision), {.threads = threads});
  double seconds = std::numeric_limits<double>::infinity();
  session.time_nodes([&](const NodeTime& time) {
    if (time.kind == "linear") seconds = std::min(seconds, time.seconds);
  });
  const std::vector<float> x(static_cast<size_t>(product.rows * product.inputs), 0.5f);
  const std::vector<Sequence> batch{Sequence{{}, {}, {}, x}};
  constexpr int runs = 12;
  for (int run = 0; run < runs; ++run) {
    session.encode(batch);
    session.output("last_hidden_state");
  }
  return seconds;
}

}  // namespace

Peaks measured_peaks(Precision precision, int threads) {
  const Product deep{1024, 1024, 4096}, wide{1, 4096, 8192};  // 128 MiB: no cache holds them
  const auto operations = static_cast<double>(2 * deep.rows * deep.inputs * deep.outputs);
  const auto bytes = static_cast<double>(4 * wide.inputs * wide.outputs);
  return {operations / fastest(deep, precision, threads),
          bytes / fastest(wide, Precision::f32, threads)};
}

}  // namespace locus::cli
