#include <doctest/doctest.h>

#include <numeric>

#include "tests/support/encodings.hpp"
#include "tests/support/peer_vectors.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

Tensor table(const std::string& parameters, int64_t rows, int64_t width, int64_t first = 0) {
  return table_of(
      *encoding_of(scheme_text("sinusoidal", parameters), {.width = width, .capacity = 8}), rows,
      width, first);
}

double sum(const Tensor& tensor) {
  return std::accumulate(tensor.values().begin(), tensor.values().end(), 0.0);
}

double sum_of_squares(const Tensor& tensor) {
  double total = 0;
  for (double value : tensor.values()) total += value * value;
  return total;
}

void check_row(const Tensor& tensor, int64_t row, std::vector<double> expected,
               double tolerance = 1.2e-7) {
  for (size_t column = 0; column < expected.size(); ++column) {
    CAPTURE(row);
    CAPTURE(column);
    const double found = tensor.view()(row, static_cast<int64_t>(column));
    CHECK(std::abs(found - expected[column]) <= tolerance);
  }
}

// The angle by which pair k turns from one position to the next, measured on the table itself.
double frequency(const Tensor& tensor, int64_t pair) {
  const ConstView rows = tensor.view();
  return std::atan2(rows(1, 2 * pair), rows(1, 2 * pair + 1));
}

}  // namespace

TEST_CASE("the sinusoid of 32 positions and 128 dimensions has its known values") {
  const Tensor rows = table("", 32, 128);
  check_row(rows, 0, {0, 1, 0, 1, 0, 1});
  check_row(rows, 1, {0.8414710, 0.5403023, 0.7617204, 0.6479059, 0.6815614, 0.7317610});
  check_row(rows, 31, {-0.4040376, 0.9147424, 0.9900258, -0.1408862});
  CHECK(sum(rows) == doctest::Approx(1705.9471302).epsilon(1e-8));
  CHECK(sum_of_squares(rows) == doctest::Approx(2048).epsilon(1e-8));
  CHECK(rows.view()(11, 0) == doctest::Approx(-0.9999902).epsilon(1e-7));
}

TEST_CASE("the sinusoid of 10 positions and 16 dimensions has its known values") {
  const Tensor rows = table("", 10, 16);
  check_row(rows, 1, {0.84147098, 0.54030231, 0.31098359, 0.95041528, 0.09983342, 0.99500417});
  CHECK(sum(rows) == doctest::Approx(74.3091346).epsilon(1e-8));
}

TEST_CASE("the sinusoid of 50 positions and 512 dimensions has its known values") {
  const Tensor rows = table("", 50, 512);
  check_row(rows, 1, {0.8414710, 0.5403023, 0.8218562, 0.5696950});
  CHECK(sum(rows) == doctest::Approx(10115.7751962).epsilon(1e-8));
}

TEST_CASE("pair k turns by 10000^(-2k/d), k the pair's number") {
  for (const int64_t width : {4, 16, 128, 512}) {
    CAPTURE(width);
    const Tensor rows = table("", 2, width);
    CHECK(frequency(rows, 0) == doctest::Approx(1));
    const double ratio = std::pow(10000.0, -2.0 / static_cast<double>(width));
    for (int64_t pair = 1; pair < width / 2; ++pair) {
      CHECK(frequency(rows, pair) / frequency(rows, pair - 1) ==
            doctest::Approx(ratio).epsilon(1e-5));
    }
    const double last = std::pow(10000.0, -(static_cast<double>(width) - 2) / width);
    CHECK(frequency(rows, width / 2 - 1) == doctest::Approx(last).epsilon(1e-5));
  }
}

TEST_CASE("four dimensions tell the right exponent from the doubled one") {
  check_row(table("", 2, 4), 1, {0.8414710, 0.5403023, 0.0099998, 0.99995});
  CHECK(frequency(table("exponent=doubled", 2, 4), 1) == doctest::Approx(1e-4));
}

TEST_CASE("no pair stands still when the exponent is right; 105 of 256 do when doubled") {
  const auto standing = [](const std::string& parameters, int64_t positions) {
    const Tensor rows = table(parameters, 2, 512);
    int count = 0;
    for (int64_t pair = 0; pair < 256; ++pair) {
      count += frequency(rows, pair) * static_cast<double>(positions) < 1e-3;
    }
    return count;
  };
  CHECK(standing("", 50) == 0);
  CHECK(standing("exponent=doubled", 50) == 105);
  CHECK(standing("exponent=doubled", 512) == 73);
}

TEST_CASE("the doubled exponent reproduces the tables that checkpoints were trained with") {
  const Tensor rows = table("exponent=doubled", 50, 512);
  check_row(rows, 1, {0.8414710, 0.5403023, 0.8019618, 0.5973753});
  CHECK(sum(rows) == doctest::Approx(11447.1056981).epsilon(1e-8));
}

TEST_CASE("the other common error gives cosines an exponent of their own") {
  // sin(p / 10000^(2 i / d)) and cos(p / 10000^(2 (i + 1) / d)) with i = 0, 2, 4, ...
  const Tensor rows = table("exponent=doubled_apart", 4, 8);
  const auto angle = [](int64_t i) { return 3 * std::pow(10000.0, -2.0 * i / 8); };
  check_row(rows, 3,
            {std::sin(angle(0)), std::cos(angle(1)), std::sin(angle(2)), std::cos(angle(3))});
}

TEST_CASE("each pair is one sine and one cosine: rows have the norm sqrt(d / 2)") {
  const Tensor rows = table("", 40, 64);
  for (int64_t row = 0; row < 40; ++row) {
    double square = 0;
    for (double value : rows.view().row(row)) square += value * value;
    CHECK(square == doctest::Approx(32).epsilon(1e-6));
  }
}

TEST_CASE("a shift by k positions is a rotation that does not depend on the position") {
  const int64_t shift = 5, width = 16;
  const Tensor rows = table("", 30, width);
  for (int64_t row = 0; row + shift < 30; ++row) {
    for (int64_t pair = 0; pair < width / 2; ++pair) {
      const double angle = shift * std::pow(10000.0, -2.0 * pair / width);
      const double sine = rows.view()(row, 2 * pair), cosine = rows.view()(row, 2 * pair + 1);
      CHECK(rows.view()(row + shift, 2 * pair) ==
            doctest::Approx(std::cos(angle) * sine + std::sin(angle) * cosine).epsilon(1e-5));
    }
  }
}

TEST_CASE("halves with 2k/d are those of transformers' Marian and RoFormer") {
  check_row(table("layout=halves", 2, 6), 1, {0.8415, 0.0464, 0.0022, 0.5403, 0.9989, 1.0}, 1e-4);
  const auto peers = peer_vectors("roformer_hf");
  if (!peers) return;
  const auto small = (*peers)["sinusoidal_6x6_first2"].get<std::vector<std::vector<double>>>();
  const Tensor six = table("layout=halves", 6, 6);
  for (size_t row = 0; row < small.size(); ++row) check_row(six, row, small[row], 1e-4);
  const auto large = (*peers)["sinusoidal_512x512_[:3,:5]"].get<std::vector<std::vector<double>>>();
  const Tensor wide = table("layout=halves", 512, 512);
  for (size_t row = 0; row < large.size(); ++row) check_row(wide, row, large[row], 1e-4);
}

TEST_CASE("halves with k/(d/2 - 1) are those of tensor2tensor and fairseq") {
  const Tensor rows = table("layout=halves,denominator=t2t", 10, 32);
  CHECK(rows.view()(1, 15) == doctest::Approx(std::sin(1e-4)));  // the last wavelength is 2 pi base
  const auto peers = peer_vectors("sinusoidal_fairseq2");
  if (!peers) return;
  const auto expected = (*peers)["table_rows"].get<std::vector<std::vector<double>>>();
  for (size_t row = 1; row < expected.size(); ++row) {  // row 0 is of padding
    check_row(rows, static_cast<int64_t>(row) - 1, expected[row], 1e-5);
  }
}

TEST_CASE("the two layouts of halves differ by as much as 0.7") {
  const double difference = largest_difference(table("layout=halves", 512, 512),
                                               table("layout=halves,denominator=t2t", 512, 512));
  CHECK(difference > 0.5);
}

TEST_CASE("interleaved sines and cosines are those of keras-hub") {
  const auto peers = peer_vectors("sinusoidal_keras_hub");
  if (!peers) return;
  check_row(table("", 4, 6), 0, (*peers)["pos0"].get<std::vector<double>>(), 1e-5);
  check_row(table("", 4, 6), 3, (*peers)["pos3"].get<std::vector<double>>(), 1e-5);
  check_row(table("", 4, 4), 1, (*peers)["dim4_pos1"].get<std::vector<double>>(), 1e-5);
}

TEST_CASE("positions start where they are told to, and one row may be zero") {
  const Tensor plain = table("", 6, 8);
  const Tensor fairseq = table("start=2,zero_row=1", 4, 8);
  for (int64_t row = 0; row < 4; ++row) {
    for (int64_t c = 0; c < 8; ++c) CHECK(fairseq.view()(row, c) == plain.view()(row + 2, c));
  }
  const Tensor padding = table("start=2,zero_row=1", 3, 8, -1);  // row 1 is position -1
  CHECK(sum_of_squares(padding) > 0);
  for (float value : padding.view().row(0)) CHECK(value == 0);
  CHECK(padding.view()(1, 0) == plain.view()(2, 0));
}

TEST_CASE("base and scale are parameters") {
  const Tensor rows = table("base=100,scale=0.5", 2, 4);
  check_row(rows, 1,
            {0.5 * std::sin(1.0), 0.5 * std::cos(1.0), 0.5 * std::sin(0.1), 0.5 * std::cos(0.1)});
  check_row(table("scale=rsqrt", 2, 4), 1, {0.5 * std::sin(1.0), 0.5 * std::cos(1.0)});
}

TEST_CASE("token vectors are multiplied by sqrt(D) before the sum, positions are not") {
  const SchemeContext context{.width = 4, .capacity = 8};
  const auto encoding = encoding_of("sinusoidal:token_scale=sqrt", context);
  const Tensor x({1, 4}, std::vector<float>{0.5f, -0.5f, 0.25f, 1});
  check_row(embedded(*encoding, x.clone(), {1, 1, {}, 1}), 0,
            {1 + 0.8414710, -1 + 0.5403023, 0.5 + 0.0099998, 2 + 0.99995});
}

TEST_CASE("rows beyond the table, fractions and given positions follow the formula") {
  const auto encoding = encoding_of("sinusoidal", {.width = 4, .capacity = 4});
  const std::vector<float> positions{2, 1000, 0.5f};
  const Tensor rows = embedded(*encoding, Tensor({3, 4}), {0, 3, positions, 1});
  check_row(rows, 0, {std::sin(2.0), std::cos(2.0), std::sin(0.02), std::cos(0.02)});
  check_row(rows, 1, {std::sin(1000.0), std::cos(1000.0), std::sin(10.0), std::cos(10.0)});
  check_row(rows, 2, {std::sin(0.5), std::cos(0.5), std::sin(0.005), std::cos(0.005)});
}

TEST_CASE("angles are computed in double: a float32 table is off by 4e-4 at position 5000") {
  check_row(table("", 1, 512, 5000), 0,
            {std::sin(5000.0), std::cos(5000.0), std::sin(5000 * std::pow(10000.0, -2.0 / 512))},
            1.2e-7);
}

TEST_CASE("a stored table wins over the formula") {
  GivenWeights weights;
  weights.set("table", {2, 2}, {3, 4, 5, 6});
  const auto encoding = encoding_of("sinusoidal", {.width = 2, .capacity = 8}, weights);
  const Tensor rows = table_of(*encoding, 3, 2);
  check_row(rows, 0, {3, 4});
  check_row(rows, 1, {5, 6});
  check_row(rows, 2, {std::sin(2.0), std::cos(2.0)});
}

TEST_CASE("an odd width is refused by sinusoids") {
  CHECK_THROWS_WITH_AS(table("", 1, 5),
                       "sinusoidal: expected an even width, as sines and cosines come in pairs, "
                       "found 5",
                       Error);
}
