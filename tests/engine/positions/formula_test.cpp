// Encodings that are written as formulas: the built-in ones again, arithmetic, and what is refused.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/graph_spec.hpp"
#include "tests/support/encodings.hpp"
#include "tests/support/failure.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

const SchemeContext four_heads{
    .width = 32, .heads = 4, .head_size = 8, .causal = false, .capacity = 300};
const SchemeContext causal_heads{
    .width = 32, .heads = 4, .head_size = 8, .causal = true, .capacity = 300};

constexpr int64_t length = 300;

Tensor whole_bias(const std::string& text, GivenWeights& weights,
                  const SchemeContext& context = four_heads) {
  return bias_of(*encoding_of(text, context, weights), 4, {0, length, 0, length});
}

GivenWeights with(const std::string& name, const Shape& shape, uint64_t seed) {
  GivenWeights weights;
  const Tensor values = random_tensor(shape, seed);
  weights.set(name, shape, {values.values().begin(), values.values().end()});
  return weights;
}

void add(GivenWeights& weights, const std::string& name, const Shape& shape, uint64_t seed) {
  const Tensor values = random_tensor(shape, seed);
  weights.set(name, shape, {values.values().begin(), values.values().end()});
}

// To 1e-6, or where values are above one to 1e-6 of the largest.
bool same(const Tensor& found, const Tensor& expected) {
  double largest = 1;
  for (const float value : expected.values()) largest = std::max(largest, double{std::abs(value)});
  return largest_difference(found, expected) < 1e-6 * largest;
}

// The bias of one head of a model at query 3 and key 1.
double value_of(const std::string& formula) {
  return bias_of(*encoding_of("bias:score=" + formula, four_heads), 4, {3, 1, 1, 1})
      .view()(2, 0, 0);
}

std::string refusal(const std::string& text) {
  return failure_of([&] { encoding_of(text, four_heads); });
}

}  // namespace

TEST_CASE("ALiBi as a formula is ALiBi") {
  GivenWeights none;
  const Tensor alibi = whole_bias("alibi", none);
  CHECK(same(whole_bias("bias:score=-m*abs(i-j),m=2^(-8*(h+1)/H)", none), alibi));
  CHECK(same(whole_bias("bias", none), alibi));
}

TEST_CASE("KERPLE as a formula is KERPLE, with the weights of a checkpoint") {
  GivenWeights weights = with("amplitude", {4}, 3);
  add(weights, "rate", {4}, 4);
  CHECK(same(whole_bias("bias:score=-abs(amplitude)*log(1+abs(rate)*abs(i-j))", weights),
             whole_bias("kerple", weights)));
  CHECK(same(whole_bias("bias:score=-abs(amplitude)*abs(j-i)^abs(rate)", weights),
             whole_bias("kerple:form=power", weights)));
}

TEST_CASE("T5's buckets as a formula are T5's, both ways") {
  GivenWeights weights = with("table", {32, 4}, 5);
  CHECK(same(whole_bias("bias:score=table[where(n>0,16,0)+bucket,h],n1=abs(n),"
                        "bucket=where(n1<8,n1,min(15,8+floor(8*log(max(n1,1)/8)/log(16))))",
                        weights),
             whole_bias("t5", weights)));
  CHECK(same(whole_bias("bias:score=table[where(a<16,a,min(31,16+floor(16*log(max(a,1)/16)/"
                        "log(8)))),h],a=max(0,-n)",
                        weights),
             whole_bias("t5:direction=past", weights)));
}

TEST_CASE("FIRE as a formula is FIRE") {
  GivenWeights weights = with("up", {32}, 6);
  add(weights, "up_bias", {32}, 7);
  add(weights, "down", {4, 32}, 8);
  add(weights, "down_bias", {4}, 9);
  add(weights, "bend", {1}, 10);
  weights.set("threshold", {1}, {20});
  const char* fire =
      "bias:score=down_bias+sum(f,32,down[h,f]*relu(up[f]*x+up_bias[f])),c=abs(bend),"
      "x=log(1+c*abs(i-j))/(log(1+c*max(abs(threshold),i))+1e-6)";
  CHECK(same(whole_bias(fire, weights), whole_bias("fire", weights)));
}

// Chi et al. 2023: p_i . p_j of a sinusoid of 128 values, over 8 h / H for the heads h = 1 ... H.
TEST_CASE("Sandwich as a formula is the product of two rows of a sinusoid") {
  GivenWeights none;
  const Tensor found =
      whole_bias("bias:score=(sum(k,64,cos(n/10000^(k/64)))-64)*H/(8*(h+1))", none);
  const auto product = [](int64_t i, int64_t j) {
    double sum = 0;
    for (int k = 0; k < 64; ++k) {
      const double rate = std::pow(10000.0, -2.0 * k / 128);
      const double at_i = rate * static_cast<double>(i), at_j = rate * static_cast<double>(j);
      sum += std::sin(at_i) * std::sin(at_j) + std::cos(at_i) * std::cos(at_j);
    }
    return sum;
  };
  Tensor expected({4, length, length});
  for (int64_t head = 0; head < 4; ++head) {
    for (int64_t i = 0; i < length; ++i) {
      for (int64_t j = 0; j < length; ++j) {
        const double ratio = 8.0 * static_cast<double>(head + 1) / 4;
        expected.view()[head](i, j) = static_cast<float>((product(i, j) - 64) / ratio);
      }
    }
  }
  CHECK(same(found, expected));
}

TEST_CASE("formulas follow the rules of arithmetic") {
  CHECK(value_of("i") == 3);
  CHECK(value_of("j") == 1);
  CHECK(value_of("n") == -2);
  CHECK(value_of("j-i") == -2);
  CHECK(value_of("1+i-j") == 3);
  CHECK(value_of("-j+i") == 2);
  CHECK(value_of("-(i-j)") == -2);
  CHECK(value_of("i-j-j") == 1);
  CHECK(value_of("h+10*H+100*d+1000*D") == 32842);
  CHECK(value_of("-2^2") == -4);
  CHECK(value_of("2^-1") == 0.5);
  CHECK(value_of("2^3^2") == 512);
  CHECK(value_of("7-2-1") == 4);
  CHECK(value_of("12/3/2") == 2);
  CHECK(value_of("1 + 2 * 3") == 7);
  CHECK(value_of("(1<2)+(2<=2)*10+(3>4)*100+(4>=4)*1000+(1==2)*10000+(1!=2)*100000") == 101011);
  CHECK(value_of("where(j>i,5,6)") == 6);
  CHECK(value_of("clamp(i,0,2)") == 2);
  CHECK(value_of("mod(-1,4)") == 3);
  CHECK(value_of("min(i,j)+max(i,j)*10") == 31);
  CHECK(value_of("sum(a,4,a*a)") == 14);
  CHECK(value_of("sum(a,2,sum(b,3,10*a+b))") == 36);
  CHECK(value_of("log(exp(1))+log2(8)+log10(100)+sqrt(9)") == doctest::Approx(9));
  CHECK(value_of("cos(pi)") == doctest::Approx(-1));
  CHECK(value_of("1e-1*1.5e+1") == doctest::Approx(1.5));
  CHECK(value_of("causal") == 0);
}

TEST_CASE("a definition may stand anywhere, and a weight before it") {
  CHECK(value_of("a,a=b*2,b=i") == 6);
  CHECK(value_of("a[7],a=0.5") == 0.5);  // each element of a weight that no checkpoint has
  GivenWeights weights;
  weights.set("m", {4}, {1, 2, 3, 4}).set("w", {2, 2, 1}, {5, 6, 7, 8});
  const auto made = encoding_of("bias:score=m+10*w[1,0,0],m=9", four_heads, weights);
  CHECK(bias_of(*made, 4, {0, 1, 0, 1}).view()(3, 0, 0) == 74);
}

TEST_CASE("a formula of the distance alone is relative, any other is not") {
  const auto traits = [](const std::string& text) { return traits_of(parse_encoding(text)); };
  CHECK(traits("bias:score=-a,a=abs(i-j)").relative);
  CHECK(traits("bias:score=2+j-i").relative);
  CHECK(traits("bias:score=i+j").absolute);
  CHECK_FALSE(traits("bias:score=i+j").relative);
  CHECK(traits("bias:score=n*m").learned);
  CHECK_FALSE(traits("bias:score=n*m,m=1").learned);
}

TEST_CASE("a plus ends a formula where a scheme follows, and its text form is read again") {
  const auto chain = parse_encoding("bias:score=n+m,m=h+1+rope:base=500+alibi");
  REQUIRE(chain.size() == 3);
  CHECK(chain[0].parameters.text("test", "m") == "h+1");
  CHECK(chain[1].name == "rope");
  CHECK(parse_encoding(to_string(chain)) == chain);
  CHECK(parse_encoding("bias:score=min(1+n, 2), m=0.5") ==
        std::vector<SchemeChoice>{{"bias", {{"m", "0.5"}, {"score", std::string("min(1+n, 2)")}}}});
}

TEST_CASE("a formula in the place of a scheme takes the weights that it names") {
  GraphSpec spec;
  spec.encodings["bias"] = {parse_encoding("kerple"),
                            {{"rate", {"b", {}}}, {"amplitude", {"a", {}}}}};
  const auto weights = [&](const char* encoding) {
    return swap_encoding(spec, encoding).encodings.at("bias").weights;
  };
  CHECK(weights("bias:score=n*rate").size() == 1);
  CHECK(weights("bias:score=n*rate").count("rate") == 1);
  CHECK(weights("rope+bias:score=n*rate").count("1.rate") == 1);
  CHECK(weights("bias:score=n*rate,rate=2").empty());
}

TEST_CASE("what is no formula is refused with its place") {
  CHECK(refusal("bias:score=1+") ==
        "bias.score: expected a number, a name or '(', found the end at character 3");
  CHECK(refusal("bias:score=(1") == "bias.score: expected ')', found the end at character 3");
  CHECK(refusal("bias:score=1 2") ==
        "bias.score: expected an operator or the end, found '2' at character 3");
  CHECK(refusal("bias:score=n*slope") ==
        "bias.score: expected a name that is defined or a weight that the checkpoint holds, "
        "found 'slope' at character 3");
  CHECK(refusal("bias:score=1+lg(n)").starts_with("bias.score: expected one of sum, abs, sqrt"));
  CHECK(refusal("bias:score=1+lg(n)").ends_with("clamp, found 'lg' at character 3"));
  CHECK(refusal("bias:score=min(n)") ==
        "bias.score: expected min of 2 arguments, found 'min' at character 1");
  CHECK(refusal("bias:score=$") ==
        "bias.score: expected a number, a name or '(', found '$' at character 1");
  CHECK(refusal("bias:score=a,a=b,b=a") == "bias.a: expected no need of itself, found 'a'");
  CHECK(refusal("bias:skore=n") == "bias: expected definitions that 'score' needs, found 'skore'");
  CHECK(refusal("bias:score=n,h=2") == "bias: expected a name that means nothing yet, found 'h'");
  CHECK(refusal("bias:score=n,rope=2") ==
        "bias: expected a name that is no scheme's, found 'rope'");
  CHECK(refusal("bias:score=sum(f,n,f)") ==
        "bias.score: expected a count of 1 to 4096, found 'f' at character 5");
  CHECK(refusal("bias:score=sum(f,1e9,f)") ==
        "bias.score: expected a count of 1 to 4096, found 'f' at character 5");
  CHECK(refusal("bias:score=log(n)") ==
        "bias.score: expected a finite number, found nan for head 0 and a key at distance -299");
}

TEST_CASE("a formula without bounds is refused before it costs anything") {
  CHECK(refusal("bias:score=" + std::string(3000, '1')) ==
        "bias.score: expected at most 2000 characters, found 3000");
  CHECK(refusal("bias:score=" + std::string(900, '(') + "1" + std::string(900, ')')) ==
        "bias.score: expected at most 200 parts in each other, found '(' at character 101");
  CHECK(refusal("bias:score=sum(a,4096,sum(b,4096,a*b))") ==
        "bias: expected a formula of fewer steps, found more");
  CHECK(refusal("bias:score=sum(a,4096,sin(n*a))") ==
        "bias: expected at most 4096 steps, found 16384");
  std::string sum = "bias:score=0";
  for (int i = 0; i < 300; ++i) sum += "+n";
  CHECK(refusal(sum) == "");
}

TEST_CASE("a causal model's later keys may be where a formula has no value") {
  GivenWeights weights = with("table", {300, 4}, 11);
  const Tensor bias = whole_bias("bias:score=table[i-j,h]+log(1+i-j)", weights, causal_heads);
  CHECK(bias.view()(1, 5, 3) ==
        doctest::Approx(random_tensor({300, 4}, 11).view()(2, 1) + std::log(3)));
  CHECK(bias.view()(1, 3, 5) == 0);
}
