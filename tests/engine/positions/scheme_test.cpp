#include "engine/scheme.hpp"

#include <doctest/doctest.h>

#include <set>

#include "tests/support/encodings.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

const SchemeContext scheme_context{
    .width = 8, .heads = 2, .head_size = 4, .causal = true, .capacity = 16};

std::string round_trip(const std::string& text) { return to_string(parse_encoding(text)); }

// The list that messages show.
std::string known() {
  std::string names;
  for (const Scheme& scheme : schemes())
    names.append(names.empty() ? "" : ", ").append(scheme.name);
  return names;
}

}  // namespace

TEST_CASE("every scheme says what it is, where it is from and what its parameters mean") {
  std::set<std::string> names;
  for (const Scheme& scheme : schemes()) {
    CAPTURE(scheme.name);
    CHECK(names.insert(scheme.name).second);
    CHECK(scheme.name.find_first_of(":,=+ ") == std::string::npos);
    CHECK(scheme.summary.size() > 10);
    CHECK(scheme.source.size() > 10);
    for (const SchemeParameter& parameter : scheme.parameters) {
      CAPTURE(parameter.name);
      CHECK(parameter.meaning.size() > 5);
      CHECK(parse_attribute(to_string(parameter.value)).index() <= parameter.value.index());
    }
  }
  for (const char* basic :
       {"none", "sinusoidal", "learned", "normalised_index", "weighted_mix", "t5", "alibi", "shaw",
        "relative_key", "relative_key_query", "nezha", "rope"}) {
    CHECK(names.count(basic) == 1);
  }
}

TEST_CASE("every scheme can be made with its defaults, whatever the order of the registry") {
  for (const Scheme& scheme : schemes()) {
    CAPTURE(scheme.name);
    GivenWeights weights;
    const auto encoding = make_encoding({scheme.name, {}}, weights, scheme_context);
    REQUIRE(encoding != nullptr);
    CHECK((weights.taken() > 0) == scheme.traits.learned);
    CHECK((encoding->max_length() < PositionalEncoding::unlimited) == scheme.traits.limited);
    CHECK(&find_scheme(scheme.name) == &scheme);
  }
}

TEST_CASE("an encoding is parsed into schemes with typed parameters") {
  const auto chain = parse_encoding("rope:base=1000,pairing=half,rotate_value=true+alibi");
  REQUIRE(chain.size() == 2);
  CHECK(chain[0].name == "rope");
  CHECK(chain[0].parameters.number("test", "base") == 1000);
  CHECK(std::holds_alternative<double>(chain[0].parameters.values().at("base")));
  CHECK(chain[0].parameters.text("test", "pairing") == "half");
  CHECK(chain[0].parameters.boolean("test", "rotate_value", false));
  CHECK(chain[1] == SchemeChoice{"alibi", {}});
}

TEST_CASE("a text parameter takes numbers as texts") {
  const auto chain = parse_encoding("normalised_index:length=31");
  CHECK(chain[0].parameters.text("test", "length") == "31");
}

TEST_CASE("an encoding's text form leaves defaults out and can be read again") {
  CHECK(round_trip("none") == "none");
  CHECK(round_trip("alibi:max_bias=8") == "alibi");
  CHECK(round_trip("t5:buckets=16,direction=auto+rope") == "t5:buckets=16+rope");
  CHECK(round_trip("rope:pairing=half,base=500") == "rope:base=500,pairing=half");
  CHECK(to_string(std::vector<SchemeChoice>{}) == "none");
}

TEST_CASE("a plus inside a number does not end a link") {
  const auto chain = parse_encoding("rope:base=1e+06+alibi");
  REQUIRE(chain.size() == 2);
  CHECK(chain[0].parameters.number("test", "base") == 1e6);
  CHECK(round_trip("rope:base=1e+06+alibi") == round_trip(round_trip("rope:base=1e+06+alibi")));
  CHECK(parse_encoding(round_trip("rope:base=1000000+alibi")) == chain);
}

TEST_CASE("an unknown scheme lists those that are known") {
  CHECK_THROWS_WITH_AS(parse_encoding("rotary"),
                       ("encoding: expected one of " + known() + ", found 'rotary'").c_str(),
                       Error);
  CHECK_THROWS_WITH_AS(parse_encoding(""),
                       ("encoding: expected one of " + known() + ", found ''").c_str(), Error);
  CHECK_THROWS_WITH_AS(parse_encoding("rope+"),
                       ("encoding: expected one of " + known() + ", found 'rope+'").c_str(), Error);
}

TEST_CASE("an unknown parameter lists those of the scheme") {
  CHECK_THROWS_WITH_AS(parse_encoding("alibi:slope=2"),
                       "alibi: expected parameters max_bias, form, found 'slope'", Error);
  CHECK_THROWS_WITH_AS(parse_encoding("nezha:64=clip"),
                       "nezha: expected parameters clip, found '64'", Error);
  CHECK_THROWS_WITH_AS(parse_encoding("none:clip=1"),
                       "none: expected parameters no parameters, found 'clip'", Error);
}

TEST_CASE("a parameter of the wrong type is refused") {
  CHECK_THROWS_WITH_AS(parse_encoding("rope:base=big"),
                       "rope: expected base to be a number, found 'big'", Error);
  CHECK_THROWS_WITH_AS(parse_encoding("t5:buckets=1.5"),
                       "t5: expected buckets to be an integer, found '1.5'", Error);
  CHECK_THROWS_WITH_AS(parse_encoding("rope:rotate_value=1"),
                       "rope: expected rotate_value to be true or false, found '1'", Error);
}

TEST_CASE("a parameter without a value, without a name or given twice is refused") {
  CHECK_THROWS_WITH_AS(parse_encoding("rope:base"),
                       "rope: expected parameters written key=value, found 'base'", Error);
  CHECK_THROWS_WITH_AS(parse_encoding("rope:=3"),
                       "rope: expected parameters written key=value, found ''", Error);
  CHECK_THROWS_WITH_AS(parse_encoding("rope:base=1,base=2"),
                       "rope: expected each parameter once, found base twice", Error);
}

TEST_CASE("parameters that come from code are checked as those that come from text") {
  GivenWeights weights;
  const SchemeChoice unknown{"nezha", {{"clips", int64_t{3}}}};
  CHECK_THROWS_WITH_AS(make_encoding(unknown, weights, scheme_context),
                       "nezha: expected parameters clip, found 'clips'", Error);
  const SchemeChoice mistyped{"nezha", {{"clip", "x"}}};
  CHECK_THROWS_WITH_AS(make_encoding(mistyped, weights, scheme_context),
                       "nezha: expected clip to be an integer, found 'x'", Error);
  const SchemeChoice integer{"rope", {{"base", int64_t{100}}}};
  CHECK_NOTHROW(make_encoding(integer, weights, scheme_context));
}

TEST_CASE("a word that a parameter does not know is refused with those that it knows") {
  CHECK_THROWS_WITH_AS(encoding_of("alibi:form=both", scheme_context),
                       "alibi: expected form to be one of symmetric, causal, found 'both'", Error);
  CHECK_THROWS_WITH_AS(encoding_of("sinusoidal:scale=half", scheme_context),
                       "sinusoidal: expected scale to be a number, sqrt or rsqrt, found 'half'",
                       Error);
  CHECK_THROWS_WITH_AS(
      encoding_of("normalised_index:length=0", scheme_context),
      "normalised_index: expected length to be auto, actual or at least 1, found '0'", Error);
}

TEST_CASE("traits follow the parameters and the links of a chain") {
  const auto traits = [](const std::string& text) { return traits_of(parse_encoding(text)); };
  CHECK(traits("none").relative);
  CHECK(traits("none").stepwise);
  CHECK_FALSE(traits("none").absolute);
  CHECK(traits("rope").stepwise);
  CHECK_FALSE(traits("rope:scaling=dynamic").stepwise);
  CHECK(traits("rope:scaling=yarn").stepwise);
  CHECK_FALSE(traits("rope:rotate_value=true").relative);
  CHECK(traits("rope:rotate_value=true").absolute);
  CHECK_FALSE(traits("normalised_index:length=actual").stepwise);
  CHECK(traits("normalised_index:length=9").stepwise);
  const SchemeTraits both = traits("alibi+learned");
  CHECK_FALSE(both.relative);
  CHECK(both.absolute);
  CHECK(both.learned);
  CHECK(both.limited);
  CHECK(traits("alibi+t5").relative);
  CHECK(traits("rope+t5").relative);
}

TEST_CASE("a rotation and vectors by distance are not relative together") {
  CHECK(traits_of(parse_encoding("shaw")).relative);
  const SchemeTraits both = traits_of(parse_encoding("rope+shaw"));
  CHECK_FALSE(both.relative);
  CHECK(both.absolute);
}

TEST_CASE("a chain is as long as its shortest link") {
  GivenWeights weights;
  weights.set("table", {5, 8}, std::vector<float>(40, 0.0f));
  const auto learned = make_encoding({"learned", {}}, weights, scheme_context);
  const auto chain = chain_encodings({learned, encoding_of("shaw:clip=1", scheme_context)});
  CHECK(chain->max_length() == 5);
  CHECK(chain_encodings({learned}) == learned);
  CHECK(chain_encodings({})->max_length() == PositionalEncoding::unlimited);
}
