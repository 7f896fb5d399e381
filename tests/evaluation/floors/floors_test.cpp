#include "evaluation/floors.hpp"
#include "base/json/values.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "tests/engine/weights/files.hpp"
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

/// A file of tensors of one axis.
class Columns {
 public:
  template <typename T>
  void add(const std::string& name, const char* type, const std::vector<T>& values) {
    const size_t begin = data_.size();
    data_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
    header_[name] = {
        {"dtype", type}, {"shape", {values.size()}}, {"data_offsets", {begin, data_.size()}}};
  }
  std::string bytes() const { return tests::raw_safetensors(header_.dump(), data_); }

 private:
  nlohmann::json header_;
  std::string data_;
};

constexpr uint32_t many = 20000;  // tokens: each column takes several of the parts read together

/// A token after each token: the next one where it is even, itself where it is odd.
void add_bigrams(Columns& columns) {
  std::vector<uint16_t> contexts, rare, tokens;
  for (uint32_t token = 0; token < many; ++token) {
    contexts.push_back(static_cast<uint16_t>(token));
    rare.push_back(static_cast<uint16_t>(token % 97));
    tokens.push_back(static_cast<uint16_t>(token % 2 == 0 ? token + 1 : token));
  }
  columns.add("bigram.contexts", "U16", contexts);
  columns.add("bigram.sizes", "U16", std::vector<uint16_t>(many, 1));
  columns.add("bigram.rare", "U16", rare);
  columns.add("bigram.tokens", "U16", tokens);
  columns.add("bigram.counts", "U16", std::vector<uint16_t>(many, 4));
  columns.add("bigram.discounts", "F64", std::vector<double>{0.5, 0.75, 1});
}

void add_no_trigrams(Columns& columns) {
  for (const char* part : {"contexts", "sizes", "rare", "tokens", "counts"}) {
    columns.add(std::string("trigram.") + part, "U16", std::vector<uint16_t>());
  }
  columns.add("trigram.firsts", "U16", std::vector<uint16_t>(many));
  columns.add("trigram.discounts", "F64", std::vector<double>{0.5, 0.75, 1});
}

TEST_CASE("the losses of a long text can be given up") {
  Text text;
  text.ids.assign(400'000, 3);
  const std::vector<Text> texts{text};
  const Frequencies p = frequencies_of(texts, 10);
  int calls = 0;
  const auto stop = [&] {
    if (++calls == 3) throw Error::cancellation();
  };
  CHECK_THROWS_WITH_AS(frequency_losses(texts, p, stop), "run: cancelled", Error);
  calls = 0;
  CHECK_THROWS_WITH_AS(document_losses(texts, p, 0.5, Sight::before, stop), "run: cancelled",
                       Error);
}

TEST_CASE("floors of many tokens have each value, wherever it lies in its file") {
  Columns columns;
  std::vector<uint32_t> counts, unigram;
  for (uint32_t token = 0; token < many; ++token) {
    counts.push_back(token % 5);
    unigram.push_back(token % 3);
  }
  columns.add("counts", "U32", counts);
  columns.add("unigram", "U32", unigram);
  add_bigrams(columns);
  add_no_trigrams(columns);
  const tests::TemporaryFolder folder;
  folder.write("floors.json", read_file(floors_folder / "floors.json"));
  folder.write("floors.safetensors", columns.bytes());
  const Floors floors = Floors::open(folder.path());
  std::vector<int32_t> ids(many);
  std::iota(ids.begin(), ids.end(), 0);
  const auto losses = floors.trigram_losses(texts_of_ids({ids}))[0];
  double furthest = 0;
  for (uint32_t token = 2; token < many; ++token) {
    const double p = (token % 5 + 1.0) / (many / 5 * 10 + many);
    const double total = 4 + (token - 1) % 97, alone = (token % 3 + 1.0) / (19999 + many);
    const double after = (token % 2 == 1 ? 3 / total : 0) + (1 - 3 / total) * alone;
    furthest = std::max({furthest, std::abs(floors.frequencies()[token] / p - 1),
                         std::abs(losses[token] + std::log(after))});
  }
  CHECK(furthest < 1e-12);
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

/// The message of a file with one column of the golden one changed; empty where it opens.
template <typename T>
std::string refusal_with(const std::string& column, size_t at, T value) {
  std::string tensors = read_file(floors_folder / "floors.safetensors");
  uint64_t size = 0;
  std::memcpy(&size, tensors.data(), sizeof(size));
  const auto header = nlohmann::json::parse(tensors.substr(sizeof(size), size));
  const size_t begin = header[column]["data_offsets"][0].get<size_t>() + at * sizeof(T);
  std::memcpy(tensors.data() + sizeof(size) + size + begin, &value, sizeof(T));
  const tests::TemporaryFolder folder;
  folder.write("floors.json", read_file(floors_folder / "floors.json"));
  folder.write("floors.safetensors", tensors);
  try {
    Floors::open(folder.path());
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("columns of floors that do not fit each other are refused by name") {
  CHECK(refusal_with<uint16_t>("trigram.rare", 0, 9) == "");
  CHECK(refusal_with<uint16_t>("trigram.sizes", 0, 900) ==
        "trigram: expected tensors of sizes that fit each other, found others");
  CHECK(refusal_with<uint16_t>("trigram.firsts", 0, 900) ==
        "trigram.firsts: expected each context's first token, found others");
  CHECK(refusal_with<uint16_t>("bigram.contexts", 1, 0) ==
        "bigram: expected sorted contexts, found another order");
  CHECK(refusal_with<uint16_t>("bigram.tokens", 0, 16) ==
        "bigram: expected tokens of the vocabulary and counts above 0, found others");
  CHECK(refusal_with<uint16_t>("bigram.counts", 0, 0) ==
        "bigram: expected tokens of the vocabulary and counts above 0, found others");
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
  const size_t at = tensors.find("trigram.sizes");
  copy.write("floors.safetensors", tensors.replace(at, 13, "trigram.other"));
  CHECK_THROWS_AS(Floors::open(copy.path()), Error);
  copy.write("floors.safetensors", read_file(floors_folder / "floors.safetensors"));
  copy.write("floors.json", R"({"document_share": {"causal": 1.5, "masked": 0.7}, "opening": 1})");
  CHECK_THROWS_AS(Floors::open(copy.path()), Error);
}

}  // namespace
}  // namespace locus
