// Verdicts and letters are of one family of tests.
#include <doctest/doctest.h>

#include "base/random.hpp"
#include "tests/pipelines/comparison/rows.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

/// Losses about `bits` per byte with noise of their own.
ComparedModel noisy_file(const std::string& name, double bits, Random& random) {
  ComparedModel model = compared_file(name, bits);
  for (Unit& unit : model.units) unit.sum += 3 * (random.uniform() - 0.5);
  model.runs = {run_of(model)};
  return model;
}

bool share(const std::string& a, const std::string& b) {
  return a.find_first_of(b) != std::string::npos;
}

}  // namespace

TEST_CASE("a model shares a letter with the baseline if and only if it is not better or worse") {
  int clear = 0, open = 0;
  for (const uint64_t seed : {1, 2, 3}) {
    Random random(seed);
    std::vector<ComparedModel> models;
    for (int i = 0; i < 9; ++i) {
      models.push_back(noisy_file("m" + std::to_string(i), 2 + 0.002 * i, random));
    }
    const auto groups = compare_models(std::move(models), {.baseline = "m4", .margin = 0.001});
    const ComparedGroup& group = groups.at(0);
    CHECK(group.pairs.size() == 36);
    const auto& baseline = row_named(groups, "m4");
    for (const ComparedModel& model : group.models) {
      if (!model.comparison) continue;
      const Verdict verdict = model.comparison->verdict;
      const bool found = verdict == Verdict::better || verdict == Verdict::worse;
      CHECK(found != share(model.letters, baseline.letters));
      (found ? clear : open) += 1;
    }
    for (const ComparedPair& pair : group.pairs) {
      const Verdict verdict = pair.comparison.verdict;
      const bool found = verdict == Verdict::better || verdict == Verdict::worse;
      CHECK(found !=
            share(row_named(groups, pair.model).letters, row_named(groups, pair.other).letters));
    }
  }
  CHECK(clear > 0);
  CHECK(open > 0);
}

TEST_CASE("p against the baseline is corrected for all pairs") {
  // 20 documents with differences of one sign: p = 2 / 2^20 for each of three pairs.
  const auto groups = compare_models(
      list_of(compared_file("a", 2.0), compared_file("b", 2.1), compared_file("c", 2.3)),
      {.baseline = "b"});
  const auto& a = row_named(groups, "a");
  REQUIRE(a.comparison);
  CHECK(a.comparison->p == doctest::Approx(1.9073486328125e-6));
  CHECK(a.comparison->adjusted_p == doctest::Approx(5.7220458984375e-6));
  CHECK(a.comparison->verdict == Verdict::better);
  CHECK(row_named(groups, "c").comparison->difference == doctest::Approx(0.2));
  CHECK(a.letters == "a");
  CHECK(row_named(groups, "b").letters == "b");
  CHECK(row_named(groups, "c").letters == "c");
}

TEST_CASE("a difference within the margin is equivalent and shares a letter, however sure it is") {
  const auto groups = compare_models(list_of(compared_file("a", 2.0), compared_file("b", 2.001)),
                                     {.baseline = "b"});
  const auto& a = row_named(groups, "a");
  REQUIRE(a.comparison);
  CHECK(a.comparison->interval.high < 0);
  CHECK(a.comparison->verdict == Verdict::equivalent);
  CHECK(a.letters == row_named(groups, "b").letters);
}

TEST_CASE("many models need more documents before anything can be found") {
  // 2 / 2^n times the tests must not exceed 0.05: 1 test 6, 136 tests 13, 1,000 tests 16.
  CHECK(min_judged_units(1) == 6);
  CHECK(min_judged_units(2) == 12);
  CHECK(min_judged_units(136) == 13);
  CHECK(min_judged_units(1000) == 16);
  std::vector<ComparedModel> models;
  for (int i = 0; i < 17; ++i) {
    models.push_back(compared_file("m" + std::to_string(i), 2 + 0.1 * i, 0.01, 12));
  }
  const auto groups = compare_models(std::move(models));
  for (const ComparedModel& model : groups.at(0).models) {
    if (model.comparison) CHECK(model.comparison->verdict == Verdict::too_few_units);
    CHECK(model.letters.empty());
  }
}
