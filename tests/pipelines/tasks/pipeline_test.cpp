// From text to an answer, against the same steps with ids and sessions.
#include "pipelines/pipeline.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "models/classify.hpp"
#include "models/fill_mask.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::tests {
namespace {

struct Tiny {
  TemporaryFolder folder;
  Pipeline open(const std::string& name) {
    return Pipeline::open(model_with_tokenizer(folder, name));
  }
};

Sequence sequence_of(const EncodedText& text) { return {text.ids, text.type_ids}; }

/// Files of sentence-transformers that ask for everything at once.
void write_sentence_files(const TemporaryFolder& folder) {
  folder.write("bert/bare/modules.json",
               R"([{"path": "", "type": "sentence_transformers.models.Transformer"},
                   {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                   {"path": "2_N", "type": "sentence_transformers.models.Normalize"}])");
  folder.write("bert/bare/1_Pooling/config.json", R"({"pooling_mode_max_tokens": true})");
  folder.write("bert/bare/sentence_bert_config.json",
               R"({"max_seq_length": 4, "do_lower_case": true})");
  folder.write("bert/bare/tokenizer_config.json",
               R"({"tokenizer_class": "BertTokenizer", "do_lower_case": false})");
}

/// s[h, i, j] -= |i - j| / 2
struct Slope : PositionalEncoding {
  void score(View s, ConstView, ConstView, const Block& block) const override {
    for (int64_t h = 0; h < s.size(0); ++h) {
      for (int64_t i = 0; i < s.size(1); ++i) {
        for (int64_t j = 0; j < s.size(2); ++j) {
          s(h, i, j) -= static_cast<float>(std::abs(block.keys.at(j) - block.queries.at(i)) / 2);
        }
      }
    }
  }
};

Scheme slope() {
  Scheme row;
  row.name = "slope";
  row.traits.relative = true;
  row.make = [](const Attributes&, SchemeWeights&, const SchemeContext&) {
    return std::make_shared<Slope>();
  };
  return row;
}

}  // namespace

TEST_CASE_FIXTURE(Tiny, "a pipeline runs a scheme of the program's own by its name") {
  const std::string model = model_with_tokenizer(folder, "bert/bare");
  PipelineOptions options;
  options.encoding = "bias:score=-0.5*abs(i-j)";
  const Embedding expected = Pipeline::open(model, options).embed("the cat");
  options.encoding = "slope";
  CHECK_THROWS_AS(Pipeline::open(model, options), Error);
  options.schemes = {slope()};
  auto pipeline = Pipeline::open(model, options);
  const Embedding found = pipeline.embed("the cat");
  CHECK(pipeline.model().encodings() == std::vector<std::string>{"slope"});
  REQUIRE(found.values.size() == expected.values.size());
  for (size_t at = 0; at < found.values.size(); ++at) {
    CHECK(found.values[at] == doctest::Approx(expected.values[at]).epsilon(1e-5));
  }
}

TEST_CASE_FIXTURE(Tiny, "embed obeys the folder: pooling, norm, lower case, greatest length") {
  model_with_tokenizer(folder, "bert/bare");
  write_sentence_files(folder);
  auto pipeline = Pipeline::open(folder.path() / "bert/bare");
  const std::string texts[] = {"THE cat"};
  const Embeddings found = pipeline.embed(texts);
  CHECK(found.pooling == "max");
  CHECK(found.normalized);
  CHECK(found.cut_tokens == std::vector<int64_t>{4});

  EncodeOptions cut;
  cut.max_length = 4;
  const EncodedText read = pipeline.tokenizer().encode("the cat", cut);
  const Sequence sequence = sequence_of(read);
  EmbedSettings settings;
  settings.poolings = {Pooling::max};
  settings.norm = 1;
  const auto expected = locus::embed(pipeline.session(), {&sequence, 1}, settings);
  CHECK(found.vectors.front().values == expected.front().values);
  CHECK(pipeline.embed("THE cat").values == expected.front().values);
}

TEST_CASE_FIXTURE(Tiny,
                  "every file that may hold the greatest length cuts a text, the first alone") {
  model_with_tokenizer(folder, "bert/bare");
  int length = 9;  // the later its place, the shorter
  for (const char* name :
       {"xlnet", "xlm-roberta", "albert", "camembert", "distilbert", "roberta", "bert"}) {
    folder.write("bert/bare/sentence_" + std::string(name) + "_config.json",
                 R"({"max_seq_length": )" + std::to_string(--length) + "}");
    const std::string texts[] = {"the cat the cat the cat the cat"};
    CAPTURE(name);
    const auto found = Pipeline::open(folder.path() / "bert/bare").embed(texts);
    CHECK(found.cut_tokens == std::vector<int64_t>{length});
  }
}

TEST_CASE_FIXTURE(Tiny, "what is asked for comes before what the folder says") {
  model_with_tokenizer(folder, "bert/bare");
  write_sentence_files(folder);
  auto pipeline = Pipeline::open(folder.path() / "bert/bare");
  const Embedding rows = pipeline.embed("the", {.pooling = Pooling::none});
  CHECK(rows.values.size() == static_cast<size_t>(3 * rows.width));  // [CLS] the [SEP]
  CHECK(pipeline.embed("the", {.dimension = rows.width}).width == rows.width);
  CHECK_THROWS_WITH_AS(pipeline.embed("the", {.dimension = 1000}),
                       "dimension: expected at most the 30 of the vectors, found 1000", Error);
  CHECK_THROWS_WITH_AS(pipeline.embed("the", {.pooling = Pooling::none, .dimension = 3}),
                       "dimension: expected none for vectors of tokens, found 3", Error);
}

TEST_CASE_FIXTURE(Tiny, "fill_mask spells the tokens that the session finds") {
  auto pipeline = open("bert/lm");
  const EncodedText read = pipeline.tokenizer().encode("the [MASK]");
  const auto expected =
      locus::fill_mask(pipeline.session(), sequence_of(read),
                       {.mask = *pipeline.tokenizer().special_ids().mask, .top = 3});
  const auto found = pipeline.fill_mask("the [MASK]", 3);
  REQUIRE(found.size() == 1);
  CHECK(found[0].position == expected[0].position);
  REQUIRE(found[0].tokens.size() == 3);
  for (size_t i = 0; i < 3; ++i) {
    CHECK(found[0].tokens[i].id == expected[0].candidates[i].id);
    CHECK(found[0].tokens[i].token == pipeline.tokenizer().token(found[0].tokens[i].id));
    CHECK(found[0].tokens[i].probability == expected[0].candidates[i].probability);
  }
  CHECK_THROWS_WITH_AS(pipeline.fill_mask("the cat"),
                       "fill-mask: expected the mask token [MASK] in the text, found none", Error);
}

TEST_CASE_FIXTURE(Tiny, "classify names the classes that the session scores") {
  auto pipeline = open("bert/sequence");
  const EncodedText read = pipeline.tokenizer().encode_pair("the", "cat");
  const auto expected = locus::classify(pipeline.session(), sequence_of(read));
  const auto found = pipeline.classify("the", "cat");
  REQUIRE(found.size() == expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    CHECK(found[i].id == expected[i].id);
    CHECK(found[i].value == expected[i].value);
    CHECK(found[i].label == "LABEL_" + std::to_string(found[i].id));
  }
}

TEST_CASE_FIXTURE(Tiny, "tags and answers are stretches of their text") {
  auto tagger = open("bert/tokens");
  const std::string text = "the cat sat";
  for (const TaggedText& tag : tagger.tag(text, Aggregation::none)) {
    CHECK(tag.text == text.substr(tag.bytes.begin, tag.bytes.end - tag.bytes.begin));
  }
  auto asked = open("bert/answer");
  const auto answers = asked.answer("who sat?", text, {.top = 3});
  REQUIRE_FALSE(answers.best.empty());
  for (const TextAnswer& answer : answers.best) {
    CHECK(answer.text == text.substr(answer.bytes.begin, answer.bytes.end - answer.bytes.begin));
    CHECK(answer.text.find_first_of(' ') != 0);
  }
  CHECK(answers.windows == 1);
}

TEST_CASE_FIXTURE(Tiny, "a task that the head is not made for is refused") {
  auto pipeline = open("bert/lm");
  CHECK_THROWS_WITH_AS(pipeline.generate("the"),
                       "generate: expected a causal or sequence-to-sequence model, found masked-lm",
                       Error);
  CHECK_THROWS_AS(pipeline.tag("the"), Error);
  CHECK_THROWS_WITH_AS(pipeline.classify(""),
                       "text: expected a text that is not empty, found nothing", Error);
  CHECK_THROWS_WITH_AS(pipeline.classify("ab\xff"), doctest::Contains("0xff at offset 2"), Error);
}

}  // namespace locus::tests
