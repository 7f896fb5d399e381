// Scaled frequencies against transformers 4.49's modeling_rope_utils: inv_freq and attention factor
// of `ROPE_INIT_FUNCTIONS[kind](config, "cpu", seq_len)` with head_dim d, rope_theta base,
// max_position_embeddings and rope_scaling as each test says.
#include <doctest/doctest.h>

#include "tests/support/encodings.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

struct Measured {
  std::vector<double> frequencies;  // of each pair
  double factor = 0;                // length of a rotated unit vector
};

// The turns of an encoding, measured on unit vectors at a small fraction of a position, where no
// angle wraps.
Measured measured(const std::string& parameters, int64_t d, int64_t length) {
  const auto encoding =
      encoding_of("rope:" + parameters, {.heads = 1, .head_size = d, .capacity = 64});
  Tensor x({1, 1, d});
  for (int64_t pair = 0; pair < d / 2; ++pair) x.view()(0, 0, 2 * pair) = 1;
  const std::vector<float> position{1};
  const Positions one{0, 1, position, 1};
  Scratch scratch;
  encoding->rotate(x.view(), Role::query, {one, one, 0, length, 1, scratch});
  Measured result;
  for (int64_t pair = 0; pair < d / 2; ++pair) {
    const double cosine = x.view()(0, 0, 2 * pair), sine = x.view()(0, 0, 2 * pair + 1);
    result.frequencies.push_back(std::atan2(sine, cosine));
    result.factor = std::hypot(sine, cosine);
  }
  return result;
}

void check(const Measured& found, const std::vector<double>& frequencies, double factor = 1) {
  REQUIRE(found.frequencies.size() == frequencies.size());
  for (size_t pair = 0; pair < frequencies.size(); ++pair) {
    CAPTURE(pair);
    CHECK(found.frequencies[pair] == doctest::Approx(frequencies[pair]).epsilon(1e-5).scale(1e-9));
  }
  CHECK(found.factor == doctest::Approx(factor).epsilon(1e-6));
}

}  // namespace

TEST_CASE("linear scaling divides frequencies by the factor") {
  check(measured("scaling=linear,factor=4", 16, 8),
        {0.25, 0.079056941, 0.0250000004, 0.00790569466, 0.00249999994, 0.000790569466,
         0.000250000012, 7.90569466e-05});
}

TEST_CASE("NTK scaling keeps the first pair and slows the last by the factor") {
  const Measured found = measured("scaling=ntk,factor=4", 16, 8);
  CHECK(found.frequencies[0] == doctest::Approx(1));
  CHECK(found.frequencies[7] == doctest::Approx(std::pow(10000.0, -14.0 / 16) / 4).epsilon(1e-5));
  const double base = 10000 * std::pow(4.0, 16.0 / 14);
  CHECK(found.frequencies[3] == doctest::Approx(std::pow(base, -6.0 / 16)).epsilon(1e-5));
}

TEST_CASE("dynamic NTK leaves lengths up to the original as they are") {
  check(measured("scaling=dynamic,factor=2,original=64", 16, 64),
        {1, 0.316227764, 0.100000001, 0.0316227786, 0.00999999978, 0.00316227786, 0.00100000005,
         0.000316227786});
}

TEST_CASE("dynamic NTK stretches its base with the length of the sequence") {
  check(measured("scaling=dynamic,factor=2,original=64", 16, 100),
        {1, 0.283945143, 0.0806248412, 0.0228930302, 0.00650036521, 0.001845747, 0.000524090894,
         0.000148813066});
  check(measured("scaling=dynamic,factor=2,original=64", 16, 256),
        {1, 0.239481375, 0.057351321, 0.0137345716, 0.00328917382, 0.00078769587, 0.000188638471,
         4.51753949e-05});
}

TEST_CASE("YaRN ramps from kept to interpolated pairs and grows vectors by 0.1 ln s + 1") {
  check(measured("scaling=yarn,factor=4,original=2048", 64, 8),
        {1,
         0.749894202,
         0.562341332,
         0.421696514,
         0.316227764,
         0.237137362,
         0.177827939,
         0.133352146,
         0.100000001,
         0.070663102,
         0.0497455746,
         0.0348710567,
         0.0243252143,
         0.0168732349,
         0.0116272122,
         0.00794983935,
         0.00538461516,
         0.00360526075,
         0.00237913639,
         0.00154081406,
         0.000973008573,
         0.000592843455,
         0.000444569858,
         0.000333380362,
         0.000250000012,
         0.000187473546,
         0.000140585325,
         0.000105424122,
         7.90569466e-05,
         5.92843462e-05,
         4.44569851e-05,
         3.33380376e-05},
        1.138629436111989);
}

TEST_CASE("YaRN's betas and attention factor are parameters") {
  check(measured("scaling=yarn,base=1e6,factor=8,original=4096,beta_fast=16,beta_slow=2,"
                 "attention_factor=1.25",
                 64, 8),
        {1,
         0.649381638,
         0.421696514,
         0.273841977,
         0.177827939,
         0.115478203,
         0.0749894157,
         0.0486967526,
         0.0316227786,
         0.0175405275,
         0.00944577716,
         0.00487104943,
         0.00234308885,
         0.000989013352,
         0.000296421727,
         0.000192490814,
         0.000125000006,
         8.11727077e-05,
         5.2712061e-05,
         3.42302446e-05,
         2.22284925e-05,
         1.44347741e-05,
         9.37367804e-06,
         6.08709433e-06,
         3.95284678e-06,
         2.56690623e-06,
         1.66690177e-06,
         1.08245547e-06,
         7.02926684e-07,
         4.5646766e-07,
         2.96421717e-07,
         1.92490816e-07},
        1.25);
}

TEST_CASE("Llama 3 interpolates long waves, keeps short ones and blends those between") {
  check(measured("scaling=llama3,base=500000,factor=8,original=8192", 64, 8), {1,
                                                                               0.663601279,
                                                                               0.440366626,
                                                                               0.292227834,
                                                                               0.193922758,
                                                                               0.128687382,
                                                                               0.0853971019,
                                                                               0.0566696189,
                                                                               0.0376060307,
                                                                               0.0249554086,
                                                                               0.0165604409,
                                                                               0.0109895291,
                                                                               0.00729266508,
                                                                               0.00483942125,
                                                                               0.00321144611,
                                                                               0.00137189368,
                                                                               0.000524846022,
                                                                               0.000178507791,
                                                                               7.78465546e-05,
                                                                               5.16590699e-05,
                                                                               3.42810235e-05,
                                                                               2.2748929e-05,
                                                                               1.50962178e-05,
                                                                               1.00178686e-05,
                                                                               6.64786967e-06,
                                                                               4.41153452e-06,
                                                                               2.92749974e-06,
                                                                               1.94269251e-06,
                                                                               1.28917316e-06,
                                                                               8.55496921e-07,
                                                                               5.6770881e-07,
                                                                               3.7673226e-07});
}

TEST_CASE("LongRoPE divides by short factors up to the original length and by long ones beyond") {
  const std::string factors =
      "scaling=longrope,base=1000,factor=4,original=16,short_factor=1/1.5/2.5/4,"
      "long_factor=1.2/3/7/11";
  const double grown = 1.224744871391589;  // sqrt(1 + ln 4 / ln 16)
  check(measured(factors, 8, 16), {1, 0.118551962, 0.0126491114, 0.00140585331}, grown);
  check(measured(factors, 8, 17), {0.833333313, 0.059275981, 0.0045175394, 0.000511219376}, grown);
  check(measured(factors + ",attention_factor=1.3", 8, 17),
        {0.833333313, 0.059275981, 0.0045175394, 0.000511219376}, 1.3);
}

TEST_CASE("LongRoPE needs two factors above 0 for each pair") {
  for (const char* given : {"", ",short_factor=1/2", ",short_factor=1/2,long_factor=1",
                            ",short_factor=1/2,long_factor=1/-2"}) {
    CAPTURE(given);
    CHECK_THROWS_WITH_AS(
        measured(std::string("scaling=longrope,factor=4,original=16") + given, 4, 8),
        doctest::Contains("a short_factor and a long_factor above 0 for each of 2 pairs"), Error);
  }
}

TEST_CASE("the original length is the context's where none is given") {
  const Measured given = measured("scaling=yarn,factor=4,original=64", 16, 8);
  CHECK(measured("scaling=yarn,factor=4", 16, 8).frequencies == given.frequencies);
}

TEST_CASE("RoPE's scaling is checked") {
  const SchemeContext context{.heads = 1, .head_size = 2, .capacity = 4};
  CHECK_THROWS_WITH_AS(encoding_of("rope:scaling=ntk", context),
                       "rope: expected at least 4 rotated values for ntk, found 2", Error);
  CHECK_THROWS_WITH_AS(encoding_of("rope:scaling=linear", {.heads = 1, .head_size = 2}),
                       "rope: expected an original length for scaling, found 0", Error);
  CHECK_THROWS_WITH_AS(encoding_of("rope:low_freq_factor=4", context),
                       "rope: expected high_freq_factor above low_freq_factor, found 4", Error);
}
