// The bias of a window: Liu et al. 2021, section 3.2.
#include <doctest/doctest.h>

#include "tests/support/encodings.hpp"
#include "tests/support/failure.hpp"

namespace locus::tests {
namespace {

/// A window of `size` whose bias in head h is 1000 h + the row of its table.
EncodingPointer numbered_window(int64_t size, int64_t heads = 1) {
  const int64_t rows = (2 * size - 1) * (2 * size - 1);
  std::vector<float> table;
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t head = 0; head < heads; ++head) {
      table.push_back(static_cast<float>(1000 * head + row));
    }
  }
  GivenWeights weights;
  weights.set("table", {rows, heads}, table);
  const SchemeContext context{.width = 8, .heads = heads, .head_size = 4, .capacity = 64};
  return encoding_of("window:size=" + std::to_string(size), context, weights);
}

/// What is added at the given rows and columns. [H, T, T]
Tensor window_scores(const PositionalEncoding& encoding, int64_t heads,
                     const std::vector<float>& cells) {
  const auto count = static_cast<int64_t>(cells.size() / 2);
  const Positions positions{0, count, cells, 2};
  Tensor s({heads, count, count});
  const Tensor zeros({heads, count, 4});
  Scratch scratch;
  encoding.score(s.view(), zeros.view(), zeros.view(),
                 {positions, positions, 0, count, 1, scratch});
  return s;
}

std::string score_failure(const PositionalEncoding& encoding, const std::vector<float>& cells) {
  return failure_of([&] { window_scores(encoding, 1, cells); }, "none");
}

}  // namespace

TEST_CASE("a window of two by two looks up the rows of the paper's code") {
  const std::vector<float> expected{4, 3, 1, 0, 5, 4, 2, 1, 7, 6, 4, 3, 8, 7, 5, 4};
  const Tensor by_cells = window_scores(*numbered_window(2), 1, {0, 0, 0, 1, 1, 0, 1, 1});
  const Tensor in_order = bias_of(*numbered_window(2), 1, {0, 4, 0, 4});
  for (size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK(by_cells.values()[i] == expected[i]);
    CHECK(in_order.values()[i] == expected[i]);
  }
}

TEST_CASE("only offsets count: a window may lie anywhere, and cells in any order") {
  const EncodingPointer encoding = numbered_window(3, 2);
  const Tensor near = window_scores(*encoding, 2, {0, 0, 2, 1, 1, 2});
  const Tensor far = window_scores(*encoding, 2, {5000, 70, 5002, 71, 5001, 72});
  CHECK(largest_difference(near, far) == 0);
  // Row 2 down and 1 along from the query: (0 - 2 + 2) 5 + (0 - 1 + 2) = 1, of head 1.
  CHECK(near.view()[1](0, 1) == 1001);
}

TEST_CASE("offsets beyond the window and cells between two are refused") {
  const EncodingPointer encoding = numbered_window(3);
  CHECK(score_failure(*encoding, {0, 0, 3, 0}) == "window: expected offsets below 3, found 3");
  CHECK(score_failure(*encoding, {0, 0, 0, 4}) == "window: expected offsets below 3, found 4");
  CHECK(score_failure(*encoding, {0, 0.5, 0, 1}) == "window: expected whole positions, found 0.5");
  CHECK_THROWS_WITH_AS(bias_of(*encoding, 1, {0, 10, 0, 10}),
                       "window: expected positions below 9, found 9", Error);
  CHECK_THROWS_WITH_AS(encoding_of("window:size=2000", {.heads = 1, .capacity = 4}),
                       "window: expected size of 0 to 1024, found 2000", Error);
}

TEST_CASE("without a size a window holds as many cells as the capacity needs") {
  GivenWeights weights;
  const SchemeContext context{.width = 8, .heads = 2, .head_size = 4, .capacity = 10};
  const EncodingPointer encoding = encoding_of("window", context, weights);
  CHECK(encoding->max_length() == 10);
  CHECK(weights.taken() == 2 * 7 * 7);
}

namespace {

/// A network of one hidden value that tells the logarithm of the rows, or of the columns, apart.
EncodingPointer sloping_window(const std::string& parameters, bool columns) {
  GivenWeights weights;
  weights.set("hidden", {1, 2}, columns ? std::vector<float>{0, 1} : std::vector<float>{1, 0});
  weights.set("hidden_bias", {1}, {0.25f});
  weights.set("output", {2, 1}, {1, -2});
  const SchemeContext context{.width = 8, .heads = 2, .head_size = 4, .capacity = 64};
  return encoding_of("continuous_window:hidden=1," + parameters, context, weights);
}

}  // namespace

TEST_CASE("a continuous window is 16 sigmoid of a network of log2(1 + 8 c) / 3") {
  // c is -1, -1/2, 0, 1/2, 1 over a window of three; logarithms -1.056642, -0.773976, 0 and so on.
  const Tensor rows = window_scores(*sloping_window("size=3", false), 2, {0, 0, 1, 2, 2, 1});
  CHECK(rows.view()(0, 0, 0) == doctest::Approx(8.9948240));   // sigmoid(0.25)
  CHECK(rows.view()(0, 1, 0) == doctest::Approx(11.7719417));  // sigmoid(0.773976 + 0.25)
  CHECK(rows.view()(0, 2, 0) == doctest::Approx(12.5912103));  // sigmoid(1.056642 + 0.25)
  CHECK(rows.view()(0, 0, 2) == doctest::Approx(8));           // relu(-0.806642)
  CHECK(rows.view()(1, 2, 0) == doctest::Approx(1.0926145));   // sigmoid(-2 * 1.306642)
  const Tensor columns = window_scores(*sloping_window("size=3", true), 2, {0, 0, 1, 2, 2, 1});
  CHECK(columns.view()(0, 1, 0) == doctest::Approx(12.5912103));
  CHECK(columns.view()(0, 2, 0) == doctest::Approx(11.7719417));
}

TEST_CASE("a continuous window counts in cells of the window that it was trained with") {
  const Tensor s = window_scores(*sloping_window("size=3,pretrained=9", false), 2, {0, 0, 2, 0});
  CHECK(s.view()(0, 1, 0) == doctest::Approx(16 / (1 + std::exp(-0.25 - std::log2(3.0) / 3))));
  CHECK_THROWS_WITH_AS(sloping_window("size=3,pretrained=1", false),
                       "continuous_window: expected pretrained to be 0 or at least 2, found 1",
                       Error);
}

}  // namespace locus::tests
