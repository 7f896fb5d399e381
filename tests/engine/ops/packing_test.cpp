// Weights that threads pack side by side.
#include <doctest/doctest.h>

#include <thread>

#include "base/error.hpp"
#include "engine/graph.hpp"
#include "engine/ops/ops.hpp"
#include "tests/engine/ops/support.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus {
namespace {

constexpr Precision packed_in[] = {Precision::f32, Precision::bf16, Precision::int8};

TEST_CASE("a linear map is packed alike by any number of threads") {
  for (const Precision precision : packed_in) {
    CAPTURE(to_string(precision));
    const auto weight = tests::Padded::random(700, 77, 3, 2),
               x = tests::Padded::random(9, 77, 0, 4);
    const auto results = [&](Team* packers) {
      Team team(1);
      tests::Padded y(9, 700, 0);
      ops::pack_linear({weight.view(), {}, Activation::identity, precision, packers})
          ->apply(x.view(), y.view(), team);
      return y;
    };
    const auto alone = results(nullptr);
    for (const int threads : {1, 2, 3, 7}) {
      Team packers(threads);
      CHECK(tests::same_bits(results(&packers).view(), alone.view()));
    }
  }
}

TEST_CASE("the first row that cannot be packed is told, whichever thread comes first") {
  Team packers(4);
  const auto read = [](int64_t first, View to) {
    if (first < 200) std::fill_n(to.data, to.count(), 1.0f);
    if (first >= 200) throw Error("row", "a number", std::to_string(first));
  };
  for (const Precision precision : packed_in) {
    CAPTURE(to_string(precision));
    const auto pack = [&](Team* team) {
      return tests::failure_of([&] {
        ops::pack_linear(
            {ops::WeightRows(2000, 40, read), {}, Activation::identity, precision, team});
      });
    };
    const std::string expected = pack(nullptr);
    CHECK(expected.starts_with("row: expected a number, found 2"));
    for (int attempt = 0; attempt < 50; ++attempt) CHECK(pack(&packers) == expected);
  }
}

/// A map of features, of a weight that is large enough for several threads.
struct LargeMap {
  static constexpr int64_t width = 1024, outputs = 9000;

  LargeMap() {
    Tensor weight(Shape{outputs, width});
    for (size_t i = 0; i < weight.values().size(); ++i) {
      weight.values()[i] = static_cast<float>(i % 1013) / 1013 - 0.5f;
    }
    std::map<std::string, Tensor> tensors;
    tensors.emplace("w", std::move(weight));
    save_safetensors(folder / "w", tensors);
    spec.family = "map";
    spec.width = width;
    spec.nodes = {
        {"input", "features", {}, {{"width", width}}, {}, ""},
        {"map", "linear", {"input"}, {}, {{"weight", {"w", {}}}}, ""},
    };
    spec.outputs = {{"last_hidden_state", "map"}};
  }

  tests::TemporaryFolder folder;
  GraphSpec spec;
};

TEST_CASE("a graph is told of by its maker's thread alone, and may be given up") {
  const LargeMap map;
  const Weights weights = open_safetensors(map.folder / "w");
  int64_t calls = 0;
  const auto here = std::this_thread::get_id();
  bool elsewhere = false;
  const auto count = [&](int64_t, int64_t) {
    ++calls;
    elsewhere |= std::this_thread::get_id() != here;
  };
  const Graph graph(map.spec, weights, {.progress = count, .threads = 4});
  CHECK_FALSE(elsewhere);
  CHECK(calls > 3);
  int64_t left = 4;  // the first piece of the weight that this thread takes, or the end
  const auto stop = [&](int64_t, int64_t) {
    if (--left == 0) throw Error::cancellation();
  };
  CHECK(tests::ends_cancelled([&] { Graph(map.spec, weights, {.progress = stop, .threads = 4}); }));
  CHECK(tests::failure_of([&] { Graph(map.spec, weights, {.threads = -1}); }) ==
        "threads: expected a number from 0 to 1024, found -1");
}

}  // namespace
}  // namespace locus
