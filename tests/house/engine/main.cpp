// A program on the engine alone: a graph of its own with an encoding of its own.
#include <iostream>
#include <locus/base/error.hpp>
#include <locus/engine/graph.hpp>
#include <locus/engine/session.hpp>
#include <vector>

namespace {

/// Adds a row's position to each of its values.
class Counted : public locus::PositionalEncoding {
 public:
  void embed(locus::View x, const locus::Block& block) const override {
    for (int64_t row = 0; row < x.size(0); ++row) {
      for (int64_t i = 0; i < x.size(1); ++i) {
        x(row, i) += static_cast<float>(block.queries.at(row));
      }
    }
  }
};

locus::Scheme counted() {
  locus::Scheme scheme;
  scheme.name = "counted";
  scheme.make = [](const locus::Attributes&, locus::SchemeWeights&, const locus::SchemeContext&) {
    return std::make_shared<Counted>();
  };
  return scheme;
}

/// Sums and differences of the rows of two tokens, whose positions are added first.
std::shared_ptr<const locus::Graph> make_graph() {
  locus::GraphOptions options;
  options.schemes = {counted()};
  locus::GraphSpec spec;
  spec.width = 2;
  spec.encodings["position"] = {locus::parse_encoding("counted", options.schemes), {}};
  spec.nodes = {
      {.name = "rows", .kind = "embedding", .inputs = {"ids"}, .weights = {{"table", {"table"}}}},
      {.name = "places", .kind = "position", .inputs = {"rows"}, .encoding = "position"},
      {.name = "sums", .kind = "linear", .inputs = {"places"}, .weights = {{"weight", {"sums"}}}}};
  spec.outputs = {{"last_hidden_state", "sums"}};
  locus::Weights weights;
  weights.add("table", locus::Tensor({2, 2}, std::vector<float>{1, 0, 0, 1}));
  weights.add("sums", locus::Tensor({2, 2}, std::vector<float>{1, 1, 1, -1}));
  return std::make_shared<locus::Graph>(spec, weights, options);
}

void show(locus::Session& session, std::span<const int32_t> ids) {
  const locus::Sequence sequence{ids};
  session.encode({&sequence, 1});
  const locus::ConstView sums = session.output("last_hidden_state");  // [ids, 2]
  for (int64_t row = 0; row < sums.size(0); ++row) {
    std::cout << sums(row, 0) << " " << sums(row, 1) << "\n";
  }
}

}  // namespace

int main() try {
  locus::Session session(make_graph(), {.threads = 2});
  const int32_t known[]{0, 1, 1}, unknown[]{7};
  show(session, known);
  show(session, unknown);
} catch (const locus::Error& error) {
  std::cout << error.what() << "\n";
}
