// What classes that read whole texts make of ids alone, against the reference: a decoder's own ids,
// and the row that is classified.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "models/classify.hpp"
#include "models/model.hpp"
#include "models/shifted_text.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {
namespace {

using nlohmann::json;

json read_heads() { return json::parse(read_file(golden_path("heads.json"))); }

std::shared_ptr<const Graph> graph_of(const json& example) {
  TinyFolder folder = tiny(example["model"]);
  for (const auto& [key, value] : example["config"].items()) folder.config[key] = value;
  return folder.compile();
}

std::vector<Sequence> sequences_of(const std::vector<std::vector<int32_t>>& texts) {
  std::vector<Sequence> sequences;
  for (const auto& text : texts) sequences.push_back({.ids = text});
  return sequences;
}

/// Values of one text: a row of `logits`, or a column of the others.
std::vector<float> values_of(Session& session, const std::string& name, size_t text) {
  const ConstView view = session.output(name);
  const auto index = static_cast<int64_t>(text);
  if (name == "logits") return {view.row(index).begin(), view.row(index).end()};
  std::vector<float> column;
  for (int64_t row = session.offsets()[text]; row < session.offsets()[text + 1]; ++row) {
    column.push_back(view(row, 0));
  }
  return column;
}

void check_values(const std::vector<float>& found, const json& expected) {
  REQUIRE(found.size() == expected.size());
  double largest = 0;
  for (const json& value : expected) largest = std::max(largest, std::abs(value.get<double>()));
  for (size_t i = 0; i < found.size(); ++i) {
    CHECK(std::abs(found[i] - expected[i].get<double>()) < 1e-4 * largest);
  }
}

void check_example(const json& example) {
  Session session(graph_of(example), {1, false});
  std::vector<std::vector<int32_t>> texts;
  for (const json& text : example["texts"]) texts.push_back(text["ids"]);
  read_texts(session, sequences_of(texts));
  for (size_t index = 0; index < texts.size(); ++index) {
    CAPTURE(index);
    for (const char* name : {"logits", "start_logits", "end_logits"}) {
      if (!example["texts"][index].contains(name)) continue;
      check_values(values_of(session, name, index), example["texts"][index][name]);
    }
  }
}

int check_examples(const std::function<bool(const json&)>& wanted) {
  int compared = 0;
  for (const json& example : read_heads()) {
    if (!wanted(example)) continue;
    CAPTURE(example["model"].get<std::string>());
    CAPTURE(example["config"].dump());
    check_example(example);
    ++compared;
  }
  return compared;
}

bool pads(const json& example) { return example["config"].contains("pad_token_id"); }
bool answers(const json& example) {
  return example["model"].get<std::string>().ends_with("/answer");
}

}  // namespace

TEST_CASE("a decoder classifies the last row that is not padding, without padding the last") {
  CHECK(check_examples(pads) == 24);
}

TEST_CASE("an encoder-decoder classifies the last end token of a text that its decoder reads too") {
  CHECK(check_examples([](const json& each) { return !pads(each) && !answers(each); }) == 6);
}

TEST_CASE("an encoder-decoder answers by a decoder that reads question and text, shifted") {
  CHECK(check_examples(answers) == 5);
}

TEST_CASE("mBART's decoder begins with the text's last id, BART's and T5's with their start") {
  const std::vector<int32_t> ids{5, 9, 2, 40};
  using Ids = std::vector<int32_t>;
  CHECK(shifted_ids(tiny("mbart/sequence").build().spec, ids) == Ids{40, 5, 9, 2});
  CHECK(shifted_ids(tiny("bart/sequence").build().spec, ids) == Ids{2, 5, 9, 2});
  CHECK(shifted_ids(tiny("t5/sequence").build().spec, ids) == Ids{0, 5, 9, 2});
  CHECK(shifted_ids(tiny("t5/lm").build().spec, ids).empty());
  CHECK(shifted_ids(tiny("bert/sequence").build().spec, ids).empty());
  // Padding at the end is passed over.
  CHECK(shifted_ids(tiny("mbart/answer").build().spec, Ids{5, 9, 40, 1}) == Ids{40, 5, 9, 40});
}

TEST_CASE("a padding id of -1 says that there is none") {
  TinyFolder folder = tiny("llama/sequence");
  folder.config["pad_token_id"] = -1;
  const GraphSpec spec = folder.build().spec;
  CHECK(spec.node("score.gather").attributes.text("gather", "rows") == "last");
  const TemporaryFolder written;
  folder.save(written / "model");
  CHECK_FALSE(Model::open(written / "model")->special().pad.has_value());
}

TEST_CASE("a text without an end token cannot be classified by it") {
  Session session(tiny("bart/sequence").compile(), {1, false});
  const std::vector<int32_t> ids{5, 9, 7};
  CHECK_THROWS_WITH_AS(classify(session, {.ids = ids}),
                       "classification_head.gather: expected the id 2 in every text, found none",
                       Error);
}

TEST_CASE("a text classified by a decoder's rows must be what the decoder reads") {
  Session session(tiny("bart/sequence").compile(), {1, false});
  const std::vector<int32_t> ids{5, 9, 2}, others{2, 5};
  const Sequence text{.ids = ids}, read{.ids = others};
  session.encode({&text, 1});
  CHECK_THROWS_WITH_AS(session.decode({&read, 1}),
                       doctest::Contains("expected 3 decoder ids, one for each id of the text"),
                       Error);
}

TEST_CASE("double heads choose among texts and continue them") {
  const auto graph = tiny("gpt2/double").compile();
  CHECK(graph->spec().task == "causal-lm");
  const std::vector<std::vector<int32_t>> texts{{5, 9, 7}, {5, 9, 30, 11}};
  Session session(graph, {1, false});
  const auto scores = choose(session, sequences_of(texts));
  std::vector<double> logits;
  for (const auto& text : texts) {
    const Sequence alone{.ids = text};
    session.encode({&alone, 1});
    logits.push_back(session.output("mc_logits")(0, 0));
  }
  REQUIRE(scores.size() == 2);
  CHECK(scores[0].id == (logits[0] > logits[1] ? 0 : 1));
  CHECK(scores[0].value ==
        doctest::Approx(1 / (1 + std::exp(-std::abs(logits[0] - logits[1])))).epsilon(1e-5));
}

TEST_CASE("a second head of GPT that is no summary of the last row is refused") {
  TinyFolder folder = tiny("gpt2/double");
  folder.config["summary_type"] = "mean";
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("'summary_type' to be cls_index"), Error);
  folder.config["summary_type"] = "cls_index";
  folder.config["summary_proj_to_labels"] = false;
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("'summary_proj_to_labels' to be true"),
                       Error);
}

TEST_CASE("a language model leaves the second head of its file unread") {
  TinyFolder folder = tiny("gpt2/double");
  folder.config["architectures"] = {"GPT2LMHeadModel"};
  const auto graph = folder.compile();
  CHECK_FALSE(graph->spec().outputs.contains("mc_logits"));
}

}  // namespace locus::tests
