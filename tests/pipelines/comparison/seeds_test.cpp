// Several runs of one configuration: what they may change, and what they may not.
#include <doctest/doctest.h>

#include "tests/pipelines/comparison/rows.hpp"

using namespace locus;
using namespace locus::tests;

TEST_CASE("seeds that lie far apart make no clear difference of two files equivalent") {
  // `noisy` has seeds 1 bit apart: t(0.975; 1) sqrt(2) s with s = 1 / sqrt(2) is 12.706.
  auto models = list_of(compared_seed("noisy", 1, 2.0), compared_seed("noisy", 2, 3.0),
                        compared_seed("near", 1, 2.0), compared_seed("far", 1, 2.5));
  const auto groups = compare_models(pool_runs(std::move(models)), {.baseline = "near-seed1"});
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].margin == 0.005);
  REQUIRE(groups[0].luck);
  CHECK(groups[0].luck->min_difference == doctest::Approx(12.706).epsilon(1e-4));
  const auto& far = row_named(groups, "far-seed1");
  REQUIRE(far.comparison);
  CHECK(far.comparison->difference == doctest::Approx(0.5));
  CHECK(far.comparison->interval.low > 0.005);
  CHECK(far.comparison->verdict == Verdict::worse);
}

TEST_CASE("no margin makes a difference beyond it equivalent, whatever the seeds") {
  for (const double spread : {0.0, 0.01, 0.1, 1.0}) {
    CAPTURE(spread);
    auto models = list_of(compared_seed("a", 1, 2.0), compared_seed("a", 2, 2.0 + spread / 2),
                          compared_seed("b", 1, 2.3), compared_seed("b", 2, 2.3 + spread));
    const auto groups = compare_models(pool_runs(std::move(models)), {.baseline = "a"});
    const auto& b = row_named(groups, "b");
    REQUIRE(b.comparison);
    CHECK(b.scope == Scope::encodings);
    CHECK(b.comparison->difference == doctest::Approx(0.3 + spread / 4));
    CHECK(b.comparison->verdict != Verdict::equivalent);
    CHECK(b.comparison->verdict == (spread < 0.05 ? Verdict::worse : Verdict::undecided));
  }
}

TEST_CASE("a difference that may be none is equivalent within what seeds move") {
  const auto verdict_of = [](double margin, double low, double high) {
    std::vector<Comparison> one(1);
    one[0].interval = {low, high};
    one[0].units = 40;
    one[0].p = 1;
    judge(one, {.margin = 0.005, .luck = margin});
    return one[0].verdict;
  };
  CHECK(verdict_of(0, -0.01, 0.02) == Verdict::undecided);
  CHECK(verdict_of(0.03, -0.01, 0.02) == Verdict::equivalent);
  CHECK(verdict_of(0.03, 0.001, 0.02) == Verdict::undecided);
  CHECK(verdict_of(0.03, -0.04, 0.02) == Verdict::undecided);
  CHECK(verdict_of(0, 0.001, 0.004) == Verdict::equivalent);

  // Runs 0.01 apart on each side: s = 0.01 / sqrt(2), and t(0.975; 2) is 4.3027.
  auto models = list_of(compared_seed("a", 1, 2.0), compared_seed("a", 2, 2.01),
                        compared_seed("b", 1, 2.3), compared_seed("b", 2, 2.31));
  const auto groups = compare_models(pool_runs(std::move(models)), {.baseline = "a"});
  CHECK(groups[0].wished_margin == 0.005);
  CHECK(groups[0].margin == doctest::Approx(0.043027).epsilon(1e-4));
}

TEST_CASE("each run is held to its floor by itself, and no verdict leans on one below it") {
  auto models =
      list_of(compared_seed("a", 1, 2.0), compared_seed("a", 2, 2.1), compared_seed("a", 3, 5.0),
              compared_seed("b", 1, 2.4), compared_seed("c", 1, 2.2), compared_seed("c", 2, 2.2));
  const auto groups = compare_models(pool_runs(std::move(models)), {.baseline = "a"});
  const auto& a = row_named(groups, "a");
  REQUIRE(a.runs.size() == 3);
  CHECK(a.runs[0].standing == Standing::trained);
  CHECK(a.runs[1].lead == doctest::Approx(1.9));
  CHECK(a.runs[2].standing == Standing::not_trained);
  CHECK(a.runs[2].lead == doctest::Approx(-1.0));
  CHECK(bits_of(a) == doctest::Approx(9.1 / 3));  // of all runs, and better than the floor
  CHECK(a.standing == Standing::not_trained);
  CHECK_FALSE(a.comparison);
  CHECK(groups[0].baseline != "a");
  CHECK(groups[0].other_baseline);
  // Nor does its spread say what seeds move: c alone does.
  REQUIRE(groups[0].luck);
  CHECK(groups[0].luck->freedom == 1);
}

TEST_CASE("a run with the losses or the weights of another counts as one with it") {
  ComparedModel first = compared_seed("a", 1, 2.0), second = compared_seed("a", 2, 2.0),
                third = compared_seed("a", 3, 2.0);
  second.units = third.units = first.units;
  third.units[0].sum += 1e-9;  // rounded on another machine
  first.files = {{"config.json", "01"}, {"model.safetensors", "aa"}};
  third.files = {{"config.json", "02"}, {"model.safetensors", "aa"}};
  for (ComparedModel* model : {&first, &second, &third}) model->runs = {run_of(*model)};
  const auto rows = pool_runs(
      list_of(std::move(first), std::move(second), std::move(third), compared_seed("a", 4, 2.1)));
  REQUIRE(rows.size() == 1);
  REQUIRE(rows[0].runs.size() == 2);
  CHECK(rows[0].runs[1].name == "a-seed4");
  REQUIRE(rows[0].repeats.size() == 2);
  CHECK(rows[0].repeats[0].name == "a-seed2");
  CHECK(rows[0].repeats[0].of == "a-seed1");
  CHECK(rows[0].repeats[1].name == "a-seed3");
}

TEST_CASE("every figure of a row with several runs is their mean") {
  auto models = list_of(compared_seed("a", 1, 2.0), compared_seed("a", 2, 2.6),
                        compared_seed("a", 3, 2.3), compared_seed("b", 1, 2.5));
  const double top1[]{0.1, 0.2, 0.6};
  for (size_t i = 0; i < 3; ++i) {
    ComparedModel& model = models[i];
    model.summary.top1 = top1[i];
    model.summary.top5 = 0.5 + top1[i];
    model.summary.entropy = 3 * top1[i];
    model.by_position = {{0, 40, 1.0 + static_cast<double>(i)}};
    LengthPoint point;
    point.length = 64;
    point.tokens = 4;
    point.nll = 2.0 + static_cast<double>(i);
    point.units = {{2 * point.nll, 2}, {2 * point.nll, 2}};
    model.by_length = {point};
    model.runs = {run_of(model)};
  }
  const auto groups = compare_models(pool_runs(std::move(models)), {.baseline = "b-seed1"});
  const auto& a = row_named(groups, "a");
  // 2.3 bits per byte; a token has 4 bytes and a word 5: 2^(4 * 2.3) and 2^(5 * 2.3).
  CHECK(bits_of(a) == doctest::Approx(2.3));
  CHECK(a.summary.perplexity == doctest::Approx(588.13).epsilon(1e-4));
  CHECK(*a.summary.word_perplexity == doctest::Approx(2896.31).epsilon(1e-4));
  CHECK(a.summary.nll == doctest::Approx(3188.477).epsilon(1e-5));  // 2.3 * 2000 ln 2
  CHECK(a.summary.top1 == doctest::Approx(0.3));
  CHECK(a.summary.top5 == doctest::Approx(0.8));
  CHECK(a.summary.entropy == doctest::Approx(0.9));
  CHECK(a.by_position.at(0).nll == doctest::Approx(2.0));
  CHECK(a.by_length.at(0).nll == doctest::Approx(3.0));
  CHECK(a.by_length.at(0).units.at(0).sum == doctest::Approx(6.0));
  CHECK(a.floors.at(0).lead == doctest::Approx(1.7));
  // Three seeds against one: the mean of the three, not the first.
  REQUIRE(a.comparison);
  CHECK(a.scope == Scope::files);
  CHECK(a.comparison->difference == doctest::Approx(-0.2));
  CHECK(a.comparison->interval.low <= -0.2);
}
