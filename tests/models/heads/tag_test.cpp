#include "models/tag.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"

namespace locus::tests {
namespace {

const std::vector<std::string> names{"O", "B-PER", "I-PER", "B-LOC", "I-LOC"};

/// Tokens whose best label has the given probability; the rest is shared.
class Tokens {
 public:
  Tokens& add(int label, double probability, int64_t word) {
    std::vector<double> row(names.size(), (1 - probability) / 4);
    row[static_cast<size_t>(label)] = probability;
    rows_.push_back(row);
    words_.push_back(word);
    return *this;
  }
  std::vector<Entity> entities(Aggregation aggregation) const {
    std::vector<TaggedToken> tokens;
    for (size_t i = 0; i < rows_.size(); ++i) {
      tokens.push_back({static_cast<int64_t>(i) + 1, words_[i], rows_[i]});  // after a [CLS]
    }
    return find_entities(tokens, names, aggregation);
  }

 private:
  std::vector<std::vector<double>> rows_;
  std::vector<int64_t> words_;
};

void check_entity(const Entity& entity, const char* label, int64_t first, int64_t last,
                  double probability) {
  CHECK(entity.label == label);
  CHECK(entity.first == first);
  CHECK(entity.last == last);
  CHECK(entity.probability == doctest::Approx(probability));
}

// Ada Love ##lace of London Paris
Tokens sentence() {
  return Tokens().add(1, 0.9, 0).add(2, 0.8, 1).add(2, 0.7, 1).add(0, 0.9, 2).add(3, 0.6, 3).add(
      3, 0.5, 4);
}

}  // namespace

TEST_CASE("neighbours of one type are an entity, which O and another B- end") {
  const auto entities = sentence().entities(Aggregation::simple);
  REQUIRE(entities.size() == 3);
  check_entity(entities[0], "PER", 1, 3, 0.8);
  check_entity(entities[1], "LOC", 5, 5, 0.6);
  check_entity(entities[2], "LOC", 6, 6, 0.5);
}

TEST_CASE("an entity may begin with I-, and one of another type ends it") {
  const auto entities =
      Tokens().add(2, 0.9, 0).add(4, 0.9, 1).add(4, 0.7, 2).entities(Aggregation::simple);
  REQUIRE(entities.size() == 2);
  check_entity(entities[0], "PER", 1, 1, 0.9);
  check_entity(entities[1], "LOC", 2, 3, 0.8);
}

TEST_CASE("without aggregation each token stands with its own label") {
  const auto entities = sentence().entities(Aggregation::none);
  REQUIRE(entities.size() == 5);
  check_entity(entities[2], "I-PER", 3, 3, 0.7);
}

TEST_CASE("a word's label is its first token's, its surest token's or that of their mean") {
  const Tokens word = Tokens().add(1, 0.5, 0).add(3, 0.9, 0).add(0, 0.8, 1);
  REQUIRE(word.entities(Aggregation::first).size() == 1);
  check_entity(word.entities(Aggregation::first)[0], "PER", 1, 2, 0.5);
  check_entity(word.entities(Aggregation::max)[0], "LOC", 1, 2, 0.9);
  check_entity(word.entities(Aggregation::average)[0], "LOC", 1, 2, (0.9 + 0.125) / 2);
  CHECK(word.entities(Aggregation::simple).size() == 2);
}

TEST_CASE("labels without a prefix are grouped as well, and those without a name") {
  const std::vector<double> second{0.1, 0.9};
  const TaggedToken tokens[] = {{0, 0, second}, {1, 1, second}};
  const std::vector<std::string> plain{"O", "name"};
  REQUIRE(find_entities(tokens, plain, Aggregation::simple).size() == 1);
  CHECK(find_entities(tokens, {}, Aggregation::simple)[0].label == "LABEL_1");
}

TEST_CASE("each token's labels share a probability of 1") {
  const std::vector<int32_t> ids{5, 17, 90};
  Session session(Model::open(golden_path("models/bert/tokens"))->graph(), {1, false});
  const auto probabilities = label_probabilities(session, {ids});
  REQUIRE(probabilities.size() == 3);
  const ConstView logits = session.output("logits");
  for (int64_t row = 0; row < 3; ++row) {
    double sum = 0, total = 0;
    for (float logit : logits.row(row)) total += std::exp(logit);
    for (size_t label = 0; label < 7; ++label) {
      const double probability = probabilities[static_cast<size_t>(row)][label];
      CHECK(probability ==
            doctest::Approx(std::exp(logits(row, static_cast<int64_t>(label))) / total));
      sum += probability;
    }
    CHECK(sum == doctest::Approx(1));
  }
}

TEST_CASE("a discriminator says of each token how probably it was replaced") {
  const std::vector<int32_t> ids{5, 17, 90};
  Session session(Model::open(golden_path("models/electra/discriminator"))->graph(), {1, false});
  const auto probabilities = replaced_probabilities(session, {ids});
  REQUIRE(probabilities.size() == 3);
  CHECK(probabilities[1] == doctest::Approx(1 / (1 + std::exp(-session.output("logits")(1, 0)))));
  CHECK_THROWS_WITH_AS(label_probabilities(session, {ids}),
                       "tag: expected a model that tags tokens, found replaced-tokens", Error);
}

}  // namespace locus::tests
