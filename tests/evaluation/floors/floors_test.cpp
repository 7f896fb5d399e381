#include "evaluation/floors.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus {
namespace {

using tests::source_path;

const std::filesystem::path floors_folder = source_path("tests/goldens/floors");

nlohmann::json known_floors() {
  return nlohmann::json::parse(read_file(floors_folder / "known.json"));
}

std::vector<Text> texts_of_ids(std::vector<std::vector<int32_t>> ids) {
  std::vector<Text> texts;
  for (auto& each : ids) texts.emplace_back().ids = std::move(each);
  return texts;
}

void check_nats(const FloorLosses& found, const nlohmann::json& expected) {
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].size() == expected.size());
  for (size_t i = 0; i < found[0].size(); ++i) {
    CAPTURE(i);
    CHECK(found[0][i] == doctest::Approx(expected[i].get<double>()).epsilon(1e-12));
  }
}

TEST_CASE("the floors of a text are those that dictionaries of counts give") {
  const auto golden = known_floors();
  const auto texts = texts_of_ids({golden["ids"].get<std::vector<int32_t>>()});
  const Floors floors = Floors::open(floors_folder);
  CHECK(floors.vocabulary() == 16);
  CHECK(floors.vocabulary_sha256() == "5eed");
  CHECK(floors.validation().at("trigram") == 2.5);
  const auto& p = floors.frequencies();
  check_nats(frequency_losses(texts, p), golden["nats"]["frequencies"]);
  check_nats(document_losses(texts, p, floors.document_share(Sight::before), Sight::before),
             golden["nats"]["before"]);
  check_nats(document_losses(texts, p, floors.document_share(Sight::around), Sight::around),
             golden["nats"]["around"]);
  check_nats(floors.trigram_losses(texts), golden["nats"]["trigram"]);
}

TEST_CASE("without a training text each token is left out of the text's own frequencies") {
  const auto texts = texts_of_ids({{3, 3, 1}, {3}});
  const auto losses = frequency_losses(texts, frequencies_of(texts, 10));
  // Of the four tokens the other three: 3 is met twice more, 1 never; each once more of 13.
  CHECK(losses[0][0] == doctest::Approx(-std::log(3.0 / 13)));
  CHECK(losses[0][2] == doctest::Approx(-std::log(1.0 / 13)));
  CHECK(losses[1][0] == losses[0][0]);
}

TEST_CASE("floors that contradict themselves are refused, and so are ids beyond them") {
  const Floors floors = Floors::open(floors_folder);
  auto beyond = texts_of_ids({{16}});
  beyond[0].name = "a";
  CHECK_THROWS_WITH_AS(floors.trigram_losses(beyond), "a: expected ids below 16, found 16", Error);
  const tests::TemporaryFolder copy;
  std::string tensors = read_file(floors_folder / "floors.safetensors");
  copy.write("floors.json", read_file(floors_folder / "floors.json"));
  CHECK_THROWS_AS(Floors::open(copy.path()), Error);  // no tensors
  const size_t at = tensors.find("trigram.totals");
  copy.write("floors.safetensors", tensors.replace(at, 14, "trigram.absent"));
  CHECK_THROWS_AS(Floors::open(copy.path()), Error);
  copy.write("floors.safetensors", read_file(floors_folder / "floors.safetensors"));
  copy.write("floors.json", R"({"document_share": {"causal": 1.5, "masked": 0.7}, "opening": 1})");
  CHECK_THROWS_AS(Floors::open(copy.path()), Error);
}

}  // namespace
}  // namespace locus
