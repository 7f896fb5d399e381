// The C interface gives what the C++ one gives, to the bit.
#include "pipelines/encoding_view.hpp"
#include "pipelines/pipeline.hpp"
#include "tests/c/support.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::tests {
namespace {

struct Tiny {
  TemporaryFolder folder;
  std::string at(const std::string& name) { return model_with_tokenizer(folder, name); }
};

template <class T>
std::vector<T> values_of(const T* values, size_t count) {
  return {values, values + count};
}

}  // namespace

TEST_CASE_FIXTURE(Tiny, "C: tokens have ids, spellings and bytes, and decode again") {
  const Opened opened(at("bert/lm"));
  const auto tokens = result_of<locus_tokens>([&](auto result, auto error) {
    return locus_tokenize(opened.model, "the cat", 1, result, error);
  });
  REQUIRE(tokens->count == 6);
  CHECK(std::string(tokens->tokens[0]) == "[CLS]");
  CHECK(tokens->begins[0] == -1);
  CHECK(std::string(tokens->tokens[2]) == "c");
  CHECK(tokens->begins[2] == 4);
  CHECK(tokens->ends[2] == 5);
  const auto text = result_of<locus_string>([&](auto result, auto error) {
    return locus_decode(opened.model, tokens->ids, tokens->count, 1, result, error);
  });
  CHECK(std::string(text->bytes, text->length) == "the cat");
}

TEST_CASE_FIXTURE(Tiny, "C: a long text is given up while it is cut into tokens") {
  const Opened opened(at("bert/lm"));
  std::string text;
  while (text.size() < 300'000) text += "the cat ";
  const auto asked_until = [&](int last) {
    std::pair<int, int> state{0, last};  // calls, and the one that says no
    locus_tokens* tokens = nullptr;
    const std::string failure = failure_of([&](auto error) {
      const auto check = [](void* user) -> int32_t {
        auto& [calls, end] = *static_cast<std::pair<int, int>*>(user);
        return ++calls == end ? 1 : 0;
      };
      return locus_tokenize_checked(opened.model, text.c_str(), 1, check, &state, &tokens, error);
    });
    const Freed<locus_tokens> freed(tokens);
    CHECK((tokens == nullptr) == (last > 0));
    return std::to_string(state.first) + " " + failure.substr(0, 2);
  };
  CHECK(asked_until(2) == "2 3:");
  CHECK(asked_until(0).ends_with(" 0"));
}

TEST_CASE_FIXTURE(Tiny, "C: a model is described") {
  const Opened opened(at("gpt2/lm"));
  const auto description = result_of<locus_description>(
      [&](auto result, auto error) { return locus_describe(opened.model, result, error); });
  CHECK(std::string(description->family) == "gpt2");
  CHECK(std::string(description->encodings) == "learned");
  CHECK(std::string(description->precision) == "f32");
  CHECK(description->causal == 1);
  CHECK(description->untrained == 0);
  CHECK(std::string(description->task) == "causal-lm");
}

TEST_CASE_FIXTURE(Tiny, "C: a masked model names what stands for a gap") {
  const Opened opened(at("bert/lm"));
  const auto description = result_of<locus_description>(
      [&](auto result, auto error) { return locus_describe(opened.model, result, error); });
  CHECK(std::string(description->task) == "masked-lm");
  CHECK(std::string(description->mask_token) == "[MASK]");

  const std::string without = at("roberta/lm");
  std::filesystem::remove(std::filesystem::path(without) / "vocab.txt");
  const Opened no_tokenizer(without);
  const auto other = result_of<locus_description>(
      [&](auto result, auto error) { return locus_describe(no_tokenizer.model, result, error); });
  CHECK(other->mask_token == nullptr);
}

TEST_CASE_FIXTURE(Tiny, "C: vectors are those of the pipeline") {
  const std::string path = at("bert/bare");
  const Opened opened(path);
  const char* const texts[] = {"the cat", "the cat sat"};
  locus_embed_options options = {};
  options.struct_size = sizeof options;
  options.normalize = 1;
  const auto found = result_of<locus_vectors>([&](auto result, auto error) {
    return locus_embed(opened.worker, texts, 2, &options, result, error);
  });
  Pipeline pipeline = Pipeline::open(path);
  const std::string same[] = {"the cat", "the cat sat"};
  const Embeddings expected = pipeline.embed(same, {.normalize = true});
  REQUIRE(found->rows == 2);
  REQUIRE(found->width == static_cast<size_t>(expected.vectors[0].width));
  for (size_t row = 0; row < 2; ++row) {
    CHECK(values_of(found->values + row * found->width, found->width) ==
          expected.vectors[row].values);
  }
  CHECK(values_of(found->texts, 2) == std::vector<int64_t>{0, 1});

  options.pooling = "none";
  const auto rows = result_of<locus_vectors>([&](auto result, auto error) {
    return locus_embed(opened.worker, texts, 2, &options, result, error);
  });
  std::vector<int64_t> owners(6, 0);  // [CLS] the c ##a ##t [SEP]
  owners.resize(15, 1);
  REQUIRE(rows->rows == owners.size());
  CHECK(values_of(rows->texts, rows->rows) == owners);
}

TEST_CASE_FIXTURE(Tiny, "C: gaps, classes, names and answers are those of the pipeline") {
  SUBCASE("fill_mask") {
    const std::string path = at("bert/lm");
    const Opened opened(path);
    const auto found = result_of<locus_candidates>([&](auto result, auto error) {
      return locus_fill_mask(opened.worker, "the [MASK] [MASK]", 3, result, error);
    });
    const auto expected = Pipeline::open(path).fill_mask("the [MASK] [MASK]", 3);
    REQUIRE(found->count == 6);
    CHECK(found->gaps == 2);
    CHECK(values_of(found->gap, 6) == std::vector<int64_t>{0, 0, 0, 1, 1, 1});
    CHECK(found->ids[4] == expected[1].tokens[1].id);
    CHECK(found->tokens[4] == expected[1].tokens[1].token);
    CHECK(found->probabilities[4] == expected[1].tokens[1].probability);
  }
  SUBCASE("classify") {
    const std::string path = at("bert/sequence");
    const Opened opened(path);
    const auto found = result_of<locus_labels>([&](auto result, auto error) {
      return locus_classify(opened.worker, "the", "cat", result, error);
    });
    const auto expected = Pipeline::open(path).classify("the", "cat");
    REQUIRE(found->count == expected.size());
    CHECK(found->labels[0] == expected[0].label);
    CHECK(found->values[0] == expected[0].value);
  }
  SUBCASE("tag") {
    const std::string path = at("bert/tokens");
    const Opened opened(path);
    const auto found = result_of<locus_stretches>([&](auto result, auto error) {
      return locus_tag(opened.worker, "the cat sat", "none", result, error);
    });
    const auto expected = Pipeline::open(path).tag("the cat sat", Aggregation::none);
    REQUIRE(found->count == expected.size());
    CHECK(found->scores == nullptr);
    for (size_t i = 0; i < found->count; ++i) {
      CHECK(found->labels[i] == expected[i].label);
      CHECK(found->begins[i] == expected[i].bytes.begin);
      CHECK(found->probabilities[i] == expected[i].probability);
    }
  }
  SUBCASE("answer") {
    const std::string path = at("bert/answer");
    const Opened opened(path);
    const auto found = result_of<locus_stretches>([&](auto result, auto error) {
      return locus_answer(opened.worker, "who sat?", "the cat sat", 3, result, error);
    });
    const auto expected = Pipeline::open(path).answer("who sat?", "the cat sat", {.top = 3});
    REQUIRE(found->count == expected.best.size());
    CHECK(found->labels == nullptr);
    CHECK(found->texts[0] == expected.best[0].text);
    CHECK(found->scores[0] == expected.best[0].score);
    CHECK(found->none == expected.none);
  }
}

TEST_CASE("C: documents are ranked as the pipeline ranks them") {
  const std::string path = source_path("tests/goldens/sentences/6.2.0/cross-sigmoid").string();
  const Opened opened(path);
  const char* const documents[] = {"the ship", "a lamp is lit", "the"};
  const auto found = result_of<locus_ranking>([&](auto result, auto error) {
    return locus_rerank(opened.worker, "a lamp", documents, 3, result, error);
  });
  const std::string same[] = {"the ship", "a lamp is lit", "the"};
  const auto expected = Pipeline::open(path).rerank("a lamp", same);
  REQUIRE(found->count == 3);
  for (size_t i = 0; i < 3; ++i) {
    CHECK(found->documents[i] == expected[i].index);
    CHECK(found->scores[i] == expected[i].score);
  }
}

TEST_CASE_FIXTURE(Tiny, "C: texts go on as in the pipeline, piece by piece") {
  const std::string path = at("gpt2/lm");
  const Opened opened(path);
  const char* const prompts[] = {"the cat", "the"};
  std::string streamed;
  locus_generate_options options = {};
  options.struct_size = sizeof options;
  options.max_tokens = 6;
  options.temperature = LOCUS_GREEDY;
  options.user = &streamed;
  options.on_text = [](void* user, int64_t prompt, const char* piece, size_t length) {
    if (prompt == 0) static_cast<std::string*>(user)->append(piece, length);
    return 0;
  };
  const auto found = result_of<locus_texts>([&](auto result, auto error) {
    return locus_generate(opened.worker, prompts, 2, &options, result, error);
  });
  GenerateOptions same;
  same.max_tokens = 6;
  const auto expected = Pipeline::open(path).generate("the cat", same);
  REQUIRE(found->count == 2);
  CHECK(found->texts[0] == expected.text);
  CHECK(found->scores[0] == expected.score);
  CHECK(values_of(found->ids[0], found->id_counts[0]) == expected.ids);
  CHECK(values_of(found->prompts, 2) == std::vector<int64_t>{0, 1});
  CHECK(streamed == expected.text);

  options.on_text = [](void*, int64_t, const char*, size_t) { return 1; };
  const auto ended = result_of<locus_texts>([&](auto result, auto error) {
    return locus_generate(opened.worker, prompts, 2, &options, result, error);
  });
  CHECK(ended->finishes[0] == LOCUS_STOPPED);
}

TEST_CASE_FIXTURE(Tiny, "C: a text is scored as in the pipeline, token by token") {
  const std::string path = at("gpt2/lm");
  const Opened opened(path);
  const char* text = "the cat sat the cat sat";
  const auto found = result_of<locus_scores>([&](auto result, auto error) {
    return locus_score(opened.worker, text, nullptr, result, error);
  });
  const Evaluation expected = Pipeline::open(path).evaluate(text);
  REQUIRE(found->count == expected.scores[0].size());
  for (size_t i = 0; i < found->count; ++i) {
    CHECK(found->nll[i] == expected.scores[0][i].nll);
    CHECK(found->ranks[i] == expected.scores[0][i].rank);
  }
  CHECK(std::string(text).substr(found->begins[0], found->ends[0] - found->begins[0]) ==
        found->tokens[0]);
  CHECK(found->perplexity == expected.summary.perplexity);
  CHECK(found->bits_per_byte == *expected.summary.bits_per_byte);
  CHECK(found->low == expected.interval.low);
  CHECK(found->total_nll == expected.summary.nll);
}

TEST_CASE_FIXTURE(Tiny, "C: an encoding's matrices are those that the command prints") {
  locus_encoding_options options = {};
  options.struct_size = sizeof options;
  options.length = 5;
  options.width = 8;
  options.heads = 2;
  const auto rows = result_of<locus_matrix>([&](auto result, auto error) {
    return locus_encoding(nullptr, "sinusoidal", &options, result, error);
  });
  const auto subject = subject_of_scheme("sinusoidal", {5, 8, 2, 8});
  REQUIRE(rows->rows == 5);
  REQUIRE(rows->columns == 8);
  const auto expected = rows_of(subject);
  CHECK(values_of(rows->values, 40) ==
        std::vector<float>(expected.values().begin(), expected.values().end()));
  CHECK(rows->encoding == subject.text);

  options.kind = LOCUS_BIAS;
  const auto bias = result_of<locus_matrix>([&](auto result, auto error) {
    return locus_encoding(nullptr, "alibi", &options, result, error);
  });
  REQUIRE(bias->rows == 2);
  CHECK(values_of(bias->values, 9) ==
        std::vector<float>{-0.25, -0.1875, -0.125, -0.0625, 0, -0.0625, -0.125, -0.1875, -0.25});
  const auto formula = result_of<locus_matrix>([&](auto result, auto error) {
    return locus_encoding(nullptr, "bias:score=-m*abs(i-j),m=2^(-8*(h+1)/H)", &options, result,
                          error);
  });
  CHECK(values_of(formula->values, 18) == values_of(bias->values, 18));
  const auto nothing = result_of<locus_matrix>([&](auto result, auto error) {
    return locus_encoding(nullptr, "sinusoidal", &options, result, error);
  });
  CHECK(nothing->rows == 0);

  const Opened opened(at("gpt2/lm"));
  options.kind = LOCUS_ROWS;
  const auto own = result_of<locus_matrix>([&](auto result, auto error) {
    return locus_encoding(opened.model, nullptr, &options, result, error);
  });
  CHECK(own->rows == 5);
  CHECK(std::string(own->encoding) == "learned");
}

}  // namespace locus::tests
