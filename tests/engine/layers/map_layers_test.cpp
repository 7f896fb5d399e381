// Features, patches and windows: rows that are laid out anew.
#include <doctest/doctest.h>

#include <numeric>

#include "engine/session.hpp"
#include "tests/support/failure.hpp"

namespace locus::tests {
namespace {

GraphSpec map_graph(std::vector<NodeSpec> nodes) {
  GraphSpec spec;
  spec.family = "maps";
  spec.width = 1;
  spec.nodes = {{"cells", "features", {}, {{"width", int64_t{1}}, {"rows", "map"}}, {}, {}}};
  for (NodeSpec& node : nodes) spec.nodes.push_back(std::move(node));
  spec.outputs = {{"last_hidden_state", spec.nodes.back().name}};
  return spec;
}

NodeSpec patches(const std::string& name, const std::string& input, int64_t height, int64_t width,
                 const std::string& order = "rows") {
  return {name, "patches", {input}, {{"height", height}, {"width", width}, {"order", order}},
          {},   {}};
}

NodeSpec windows(const std::string& name, const std::string& input, int64_t size, int64_t shift) {
  return {name, "windows", {input}, {{"size", size}, {"shift", shift}}, {}, {}};
}

/// Maps of these sizes whose cells are 1, 2, 3 ... through the whole batch.
struct NumberedMaps {
  explicit NumberedMaps(std::vector<MapSize> given) : sizes(std::move(given)) {
    for (const MapSize& size : sizes) count += size.height * size.width;
    cells.resize(static_cast<size_t>(count));
    std::iota(cells.begin(), cells.end(), 1.0f);
  }
  std::vector<Sequence> batch() const {
    std::vector<Sequence> all;
    size_t begin = 0;
    for (const MapSize& size : sizes) {
      const auto rows = static_cast<size_t>(size.height * size.width);
      all.push_back({.ids = {}, .features = std::span(cells).subspan(begin, rows), .map = size});
      begin += rows;
    }
    return all;
  }

  std::vector<MapSize> sizes;
  int64_t count = 0;
  std::vector<float> cells;
};

std::vector<float> run(const GraphSpec& spec, const NumberedMaps& maps) {
  Session session(std::make_shared<const Graph>(spec, Weights()), {1, false});
  session.encode(maps.batch());
  const ConstView view = session.output("last_hidden_state");
  std::vector<float> values;
  for (int64_t row = 0; row < view.size(0); ++row) {
    values.insert(values.end(), view.row(row).begin(), view.row(row).end());
  }
  return values;
}

std::string failure(const GraphSpec& spec) {
  return failure_of([&] { Graph(spec, Weights()); }, "none");
}

}  // namespace

TEST_CASE("a patch is its cells in a row, zeros beyond the map's edge") {
  const NumberedMaps maps({{3, 3}, {1, 2}});
  CHECK(run(map_graph({patches("cut", "cells", 2, 2)}), maps) ==
        std::vector<float>{1, 2, 4, 5, 3, 0, 6, 0, 7, 8, 0, 0, 9, 0, 0, 0, 10, 11, 0, 0});
  CHECK(run(map_graph({patches("cut", "cells", 2, 2, "columns")}), maps) ==
        std::vector<float>{1, 4, 2, 5, 3, 6, 0, 0, 7, 0, 8, 0, 9, 0, 0, 0, 10, 0, 11, 0});
  CHECK(run(map_graph({patches("cut", "cells", 1, 3)}), NumberedMaps({{2, 3}})) ==
        std::vector<float>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("patches of patches follow the map") {
  const GraphSpec spec =
      map_graph({patches("first", "cells", 2, 2), patches("second", "first", 2, 1)});
  CHECK(run(spec, NumberedMaps({{3, 2}})) == std::vector<float>{1, 2, 3, 4, 5, 6, 0, 0});
}

TEST_CASE("windows are padded with zeros that are rows like others") {
  const NumberedMaps maps({{3, 3}});
  CHECK(run(map_graph({windows("cut", "cells", 2, 0)}), maps) ==
        std::vector<float>{1, 2, 4, 5, 3, 0, 6, 0, 7, 8, 0, 0, 9, 0, 0, 0});
}

TEST_CASE("a shifted window at the seam falls apart into parts that do not see each other") {
  const NumberedMaps maps({{4, 4}});
  CHECK(run(map_graph({windows("cut", "cells", 2, 1)}), maps) ==
        std::vector<float>{6, 7, 10, 11, 8, 12, 5,
                           9,               // the middle: a window, and the seam's two halves
                           14, 15, 16, 13,  // the last row
                           2, 3, 4, 1});    // the first row
}

TEST_CASE(
    "a map of one window along its shorter side is not shifted, and its windows are as small") {
  CHECK(run(map_graph({windows("cut", "cells", 3, 1)}), NumberedMaps({{2, 3}})) ==
        std::vector<float>{1, 2, 4, 5, 3, 0, 6, 0});
  CHECK(run(map_graph({windows("cut", "cells", 3, 1)}), NumberedMaps({{3, 3}})) ==
        std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("restored windows are the map again, whatever its size") {
  const NumberedMaps maps({{5, 7}, {1, 1}, {4, 4}, {9, 2}});
  for (const int64_t shift : {0, 1, 2}) {
    const GraphSpec spec = map_graph({windows("cut", "cells", 3, shift),
                                      {"whole", "restore", {"cut"}, {}, {}, {}},
                                      {"sum", "add", {"whole", "cells"}, {}, {}, {}}});
    std::vector<float> doubled = maps.cells;
    for (float& value : doubled) value *= 2;
    CHECK(run(spec, maps) == doubled);
  }
}

TEST_CASE("nodes that lay rows out in the same way share their rows") {
  const GraphSpec spec = map_graph({windows("a", "cells", 2, 1),
                                    windows("b", "cells", 2, 1),
                                    {"sum", "add", {"a", "b"}, {}, {}, {}}});
  const Graph graph(spec, Weights());
  CHECK(graph.nodes()[0].rows == "features");
  CHECK(graph.nodes()[3].rows == "a");
  CHECK(graph.input().kind == GraphInput::Kind::map);
}

TEST_CASE("rows that do not fit a node are refused when the graph is made") {
  CHECK(failure(map_graph({windows("a", "cells", 2, 1),
                           windows("b", "cells", 2, 0),
                           {"sum", "add", {"a", "b"}, {}, {}, {}}})) ==
        "sum: expected inputs with the same rows, found 'a' and 'b'");
  CHECK(failure(map_graph({windows("a", "cells", 2, 1), {"p", "pool", {"a"}, {}, {}, {}}})) ==
        "p: expected rows of the batch's own sequences, found those of 'a'");
  CHECK(failure(map_graph({windows("a", "cells", 2, 1), windows("b", "a", 2, 1)})) ==
        "b: expected an input whose rows lie on a map, found 'a'");
  CHECK(failure(map_graph({{"r", "restore", {"cells"}, {}, {}, {}}})) ==
        "r: expected an input that was cut into windows, found 'cells'");
  CHECK(failure(map_graph({windows("a", "cells", 2, 2)})) ==
        "a: expected a shift below 2, found 2");
  CHECK(failure(map_graph({patches("a", "cells", 0, 2)})) ==
        "a: expected 'height' of at least 1, found 0");
  CHECK(failure(map_graph({patches("a", "cells", 5000, 2)})) ==
        "a: expected patches of at most 4096 cells a side, found 5000");
  CHECK(failure(map_graph({patches("a", "cells", 2, 2, "spiral")})) ==
        "a: expected an order by rows or columns, found 'spiral'");
}

TEST_CASE("a decoder's tokens lie on no map, though the encoder's rows do") {
  GraphSpec spec =
      map_graph({{"words", "embedding", {"decoder_ids"}, {}, {{"table", {"table", {}}}}, {}},
                 patches("cut", "words", 2, 2)});
  Weights weights;
  weights.add("table", Tensor({3, 1}));
  CHECK_THROWS_WITH((Graph(spec, weights)),
                    "cut: expected an input whose rows lie on a map, found 'words'");
}

}  // namespace locus::tests
