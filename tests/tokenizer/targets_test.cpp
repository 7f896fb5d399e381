// Target texts of translators against the reference's `text_target`.
#include <doctest/doctest.h>

#include "tests/tokenizer/target_folders.hpp"

namespace locus::tests {
namespace {

/// Calls `check(source's tokenizer, target's, case)` for every folder of targets.json.
template <typename Check>
void for_each_target(const Check& check) {
  const Json all = targets();
  for (const auto& [name, description] : all.items()) {
    const auto& shown = name;
    CAPTURE(shown);
    const auto folder = target_folder(name, description);
    check(*Tokenizer::open(folder->path()), *Tokenizer::open_target(folder->path()), description);
  }
}

TEST_CASE("target texts have the ids that the reference gives them, and source texts theirs") {
  for_each_target([](const Tokenizer& source, const Tokenizer& target, const Json& description) {
    for (const Json& row : description.at("texts")) {
      const auto text = row.at("text").get<std::string>();
      CAPTURE(text);
      CHECK(source.encode_ids(text) == row.at("source").get<std::vector<int32_t>>());
      CHECK(target.encode_ids(text) == row.at("target").get<std::vector<int32_t>>());
    }
  });
}

TEST_CASE("ids become target text whichever side's tokenizer decodes them") {
  for_each_target([](const Tokenizer& source, const Tokenizer& target, const Json& description) {
    for (const Json& row : description.at("decoded")) {
      const auto ids = row.at("ids").get<std::vector<int32_t>>();
      for (const Tokenizer* tokenizer : {&source, &target}) {
        CHECK(tokenizer->decode(ids) == row.at("text").get<std::string>());
        CHECK(tokenizer->decode(ids, {.skip_special = true}) == row.at("plain").get<std::string>());
      }
    }
  });
}

TEST_CASE("a language that is asked for takes the place of the configured one") {
  const Json description = targets().at("mbart");
  const auto folder = target_folder("mbart", description);
  const auto ids = Tokenizer::open(folder->path(), "ro_RO")->encode_ids("a b");
  CHECK(ids == Tokenizer::open_target(folder->path())->encode_ids("a b"));
  CHECK(ids != Tokenizer::open(folder->path())->encode_ids("a b"));
  CHECK(ids.back() == Tokenizer::open(folder->path())->id("ro_RO"));
  CHECK_THROWS_WITH_AS(Tokenizer::open_target(folder->path(), "tlh"),
                       doctest::Contains("expected 'tlh' among the tokens"), Error);
}

TEST_CASE("mBART's target has no language of its own accord") {
  Json description = targets().at("mbart").at("folder");
  description["tokenizer_config.json"].erase("tgt_lang");
  const auto folder = described_folder(description);
  CHECK_THROWS_WITH_AS(Tokenizer::open_target(folder->path()),
                       doctest::Contains("tgt_lang: expected the language of target texts"), Error);
  CHECK_NOTHROW(Tokenizer::open(folder->path()));
}

}  // namespace
}  // namespace locus::tests
