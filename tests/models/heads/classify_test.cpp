#include "models/classify.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"

namespace locus::tests {
namespace {

const std::vector<float> logits{1, 3, -2};

double share(double logit) { return std::exp(logit) / (std::exp(1) + std::exp(3) + std::exp(-2)); }

Session classifying(const std::string& name) {
  return Session(Model::open(golden_path("models/" + name))->graph(), {1, false});
}

const std::vector<int32_t> classified{5, 17, 90, 2};

}  // namespace

TEST_CASE("classes of a text share a probability of 1, the best one first") {
  const auto scores = class_scores("sequence-classification", logits);
  REQUIRE(scores.size() == 3);
  CHECK(scores[0].id == 1);
  CHECK(scores[1].id == 0);
  CHECK(scores[2].id == 2);
  CHECK(scores[0].value == doctest::Approx(share(3)));
  CHECK(scores[2].value == doctest::Approx(share(-2)));
}

TEST_CASE("of several labels each has a probability of its own, and so has a label that is alone") {
  const auto scores = class_scores("multi-label-classification", logits);
  CHECK(scores[0].value == doctest::Approx(1 / (1 + std::exp(-3))));
  CHECK(scores[2].value == doctest::Approx(1 / (1 + std::exp(2))));
  const std::vector<float> one{0.5f};
  CHECK(class_scores("sequence-classification", one)[0].value ==
        doctest::Approx(1 / (1 + std::exp(-0.5))));
}

TEST_CASE("a regression's outputs are values, in their order") {
  const auto scores = class_scores("sequence-regression", logits);
  CHECK(scores[0].value == 1);
  CHECK(scores[2].value == -2);
}

TEST_CASE("logits that are not finite are refused") {
  const std::vector<float> broken{1, NAN};
  CHECK_THROWS_WITH_AS(class_scores("sequence-classification", broken),
                       "classify: expected finite logits, found infinity or NaN", Error);
}

TEST_CASE("a text is classified by the row of its head") {
  for (const char* name : {"bert/sequence", "nezha/sequence", "roformer/sequence",
                           "deberta/sequence", "modernbert/sequence", "bert/next-sentence"}) {
    CAPTURE(name);
    Session session = classifying(name);
    const auto scores = classify(session, {classified});
    const auto expected =
        class_scores(session.graph().spec().task, session.output("logits").row(0));
    REQUIRE(scores.size() == expected.size());
    for (size_t i = 0; i < scores.size(); ++i) CHECK(scores[i].value == expected[i].value);
  }
  Session wrong = classifying("bert/lm");
  CHECK_THROWS_WITH_AS(
      classify(wrong, {classified}),
      "classify: expected a model that classifies texts or images, found masked-lm", Error);
}

TEST_CASE("choices share a probability of 1, and are compared with each other") {
  Session session = classifying("bert/choice");
  const std::vector<int32_t> other{5, 17, 30, 2, 8};
  const Sequence choices[] = {{classified}, {other}, {other}};
  const auto scores = choose(session, choices);
  REQUIRE(scores.size() == 3);
  CHECK(scores[0].value + scores[1].value + scores[2].value == doctest::Approx(1));
  session.encode({choices, 2});
  const double first = session.output("logits")(0, 0), second = session.output("logits")(1, 0);
  for (const ClassScore& score : scores) {
    const double mine = score.id == 0 ? first : second;
    CHECK(score.value ==
          doctest::Approx(std::exp(mine) / (std::exp(first) + 2 * std::exp(second))));
  }
}

TEST_CASE("classes without a name are called LABEL_0, LABEL_1, as transformers calls them") {
  const std::vector<std::string> labels{"good", "bad"};
  CHECK(label_of(labels, 1) == "bad");
  CHECK(label_of({}, 3) == "LABEL_3");
}

}  // namespace locus::tests
