// What may make results other than they were meant is said, and not printed.
#include <algorithm>

#include "tests/c/support.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::tests {
namespace {

std::vector<std::string> warnings_of(locus_worker* worker) {
  const auto found = result_of<locus_warnings>(
      [&](auto result, auto error) { return locus_worker_warnings(worker, result, error); });
  return {found->texts, found->texts + found->count};
}

}  // namespace

TEST_CASE("C: a text longer than what the model was trained on is a warning") {
  const Opened opened(source_path("weights/causal-alibi").string());
  const auto generate = [&](const std::string& prompt) {
    const char* const prompts[] = {prompt.c_str()};
    locus_generate_options options = {};
    options.struct_size = sizeof options;
    options.max_tokens = 1;
    result_of<locus_texts>([&](auto result, auto error) {
      return locus_generate(opened.worker, prompts, 1, &options, result, error);
    });
  };
  generate("The lamp");
  CHECK(warnings_of(opened.worker).empty());
  std::string prompt;
  for (int word = 0; word < 300; ++word) prompt += "lamp ";
  generate(prompt);
  const auto warnings = warnings_of(opened.worker);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].find("longer than the 256 that the model was trained on") != std::string::npos);
}

TEST_CASE("C: an untrained encoding is a warning") {
  locus_open_options options = {};
  options.struct_size = sizeof options;
  options.encoding = "learned";
  locus_model* model = nullptr;
  locus_worker* worker = nullptr;
  const std::string path = source_path("weights/causal-alibi").string();
  REQUIRE(locus_open(path.c_str(), &options, &model, nullptr) == LOCUS_OK);
  REQUIRE(locus_worker_open(model, 1, &worker, nullptr) == LOCUS_OK);
  const auto warnings = warnings_of(worker);
  locus_worker_close(&worker);
  locus_close(&model);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0] == "the encoding starts untrained: its weights are a seeded initial state");
}

TEST_CASE("C: warnings of no worker are an error") {
  locus_warnings* warnings = nullptr;
  CHECK(failure_of([&](auto error) {
          return locus_worker_warnings(nullptr, &warnings, error);
        }).starts_with("1: worker: expected"));
  CHECK(warnings == nullptr);
}

}  // namespace locus::tests
