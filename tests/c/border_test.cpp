// Bad input from every side is an error with a message, never the end of the program.
#include <limits>

#include "tests/c/border.hpp"

namespace locus::tests {

TEST_CASE("C: the header's version is the library's") { CHECK(locus_version() == LOCUS_VERSION); }

TEST_CASE_FIXTURE(Border, "C: NULL is refused wherever something is needed") {
  const char* const texts[] = {"the", nullptr};
  CHECK(generate(nullptr, 1) == "1: prompts: expected a pointer, found NULL");
  CHECK(generate(texts, 2) == "1: prompts 1: expected a pointer, found NULL");
  CHECK(generate(texts, 0) == "1: prompts: expected at least one text, found 0");
  CHECK(failure_of([](auto error) { return locus_open(nullptr, nullptr, nullptr, error); }) ==
        "1: result: expected a pointer, found NULL");
  locus_model* model = nullptr;
  CHECK(failure_of([&](auto error) { return locus_open(nullptr, nullptr, &model, error); }) ==
        "1: model: expected a pointer, found NULL");
  locus_scores* scores = nullptr;
  CHECK(failure_of([&](auto error) {
          return locus_score(nullptr, "the", nullptr, &scores, error);
        }) == "1: worker: expected a pointer, found NULL");
  CHECK(failure_of([&](auto error) {
          return locus_score(gpt2.worker, "the cat", nullptr, nullptr, error);
        }) == "1: result: expected a pointer, found NULL");
  locus_string* string = nullptr;
  CHECK(failure_of([&](auto error) {
          return locus_decode(gpt2.model, nullptr, 2, 0, &string, error);
        }) == "1: ids: expected a pointer, found NULL");
  CHECK(locus_score(nullptr, nullptr, nullptr, nullptr, nullptr) == LOCUS_ARGUMENT);
  locus_free(nullptr);
  locus_close(nullptr);
  locus_worker_close(nullptr);
  locus_cancel(nullptr);
  locus_resume(nullptr);
}

TEST_CASE_FIXTURE(Border, "C: bytes that are no UTF-8 are refused") {
  const char* const texts[] = {"ab\xff"};
  CHECK(generate(texts, 1) == "1: prompts 0: expected UTF-8, found other bytes");
  const char* const stops[] = {"\xc3"};
  options.stop = stops;
  options.stop_count = 1;
  CHECK(generate() == "1: stop 0: expected UTF-8, found other bytes");
}

TEST_CASE_FIXTURE(Border, "C: numbers out of range are refused by name") {
  options.temperature = std::numeric_limits<double>::quiet_NaN();
  CHECK(generate() == "1: temperature: expected a number of 0 or more, found nan");
  options.temperature = std::numeric_limits<double>::infinity();
  CHECK(generate() == "1: temperature: expected a number of 0 or more, found inf");
  options.temperature = -2;
  CHECK(generate() == "1: temperature: expected a number of 0 or more, found -2.000000");
  options.temperature = 0;
  options.max_tokens = -1;
  CHECK(generate() == "1: max_tokens: expected 0 or more, found -1");
  options.max_tokens = 4;
  options.top_p = 7;
  CHECK(generate().substr(0, 2) == "2:");
  const int32_t ids[] = {-5, 1 << 30};
  const auto text = result_of<locus_string>(
      [&](auto result, auto error) { return locus_decode(gpt2.model, ids, 2, 0, result, error); });
  CHECK(text->length == 0);
}

TEST_CASE_FIXTURE(Border, "C: sizes and options that come to nothing are refused by name") {
  options.max_tokens = int64_t{1} << 62;
  CHECK(generate() ==
        "2: prompt 0: expected at most 75 new tokens after its 6 for 80 positions, found "
        "4611686018427387904");
  const Opened bert(model_with_tokenizer(folder, "bert/lm"));
  locus_score_options score = {};
  score.struct_size = sizeof score;
  score.stride = 64;
  locus_scores* scores = nullptr;
  CHECK(failure_of([&](auto error) {
          return locus_score(bert.worker, "the cat", &score, &scores, error);
        }) == "2: stride: expected none for the task 'masked', found 64");
  locus_embed_options embed = {};
  embed.struct_size = sizeof embed;
  embed.dimension = 1000;
  const char* const texts[] = {"the cat"};
  locus_vectors* vectors = nullptr;
  CHECK(failure_of([&](auto error) {
          return locus_embed(bert.worker, texts, 1, &embed, &vectors, error);
        }) == "2: dimension: expected at most the 60 of the vectors, found 1000");
}

TEST_CASE_FIXTURE(Border, "C: enums out of range and unknown names are refused") {
  locus_open_options open = {};
  open.struct_size = sizeof open;
  open.precision = 7;
  locus_model* model = nullptr;
  CHECK(failure_of([&](auto error) { return locus_open("x", &open, &model, error); }) ==
        "1: precision: expected 0 to 2, found 7");
  open.precision = 0;
  open.encoding = "nonsense";
  const std::string path = folder / "gpt2/lm";
  CHECK(failure_of([&](auto error) {
          return locus_open(path.c_str(), &open, &model, error);
        }).substr(0, 2) == "2:");
  CHECK(model == nullptr);
  locus_encoding_options look = {};
  look.struct_size = sizeof look;
  look.kind = 5;
  locus_matrix* matrix = nullptr;
  CHECK(failure_of([&](auto error) {
          return locus_encoding(nullptr, "rope", &look, &matrix, error);
        }) == "1: kind: expected 0 to 4, found 5");
  look.kind = 0;
  look.length = int64_t{1} << 40;
  CHECK(failure_of([&](auto error) {
          return locus_encoding(nullptr, "rope", &look, &matrix, error);
        }) == "1: length: expected 0 to 65535, found 1099511627776");
  look.length = 40000;
  look.kind = LOCUS_PRODUCTS;
  CHECK(failure_of([&](auto error) {
          return locus_encoding(nullptr, "rope", &look, &matrix, error);
        }) == "2: length: expected at most 32768 positions, found 40000");
  look.kind = LOCUS_DECAY;  // does not compute the products
  const auto decay = result_of<locus_matrix>([&](auto result, auto error) {
    return locus_encoding(nullptr, "rope", &look, result, error);
  });
  CHECK(decay->columns == 40000);
}

TEST_CASE_FIXTURE(Border, "C: options say their size; those of a later version may not be used") {
  options.struct_size = 0;
  CHECK(generate() == "1: options: expected its own size in struct_size, found 0");
  options.struct_size = 1 << 20;
  CHECK(generate() == "1: options: expected its own size in struct_size, found 1048576");
  struct Later {
    locus_generate_options known;
    int64_t later;
  } later = {};
  later.known.struct_size = sizeof later;
  later.known.max_tokens = 2;
  const char* const prompts[] = {"the"};
  const auto call = [&](locus_error** error) {
    locus_texts* texts = nullptr;
    const auto status = locus_generate(gpt2.worker, prompts, 1, &later.known, &texts, error);
    locus_free(texts);
    return status;
  };
  CHECK(failure_of(call) == "0");
  later.later = 1;
  CHECK(failure_of(call) ==
        "1: options: expected fields that this version knows, found later ones");
  // An earlier version's options end sooner.
  later.known.struct_size = offsetof(locus_generate_options, min_tokens);
  later.known.temperature = std::numeric_limits<double>::quiet_NaN();
  CHECK(failure_of(call) == "0");
}

TEST_CASE_FIXTURE(Border, "C: opening reports progress and may be ended by it") {
  struct Seen {
    int64_t done = -1, total = 0, end = -1;
  } seen;
  locus_open_options open = {};
  open.struct_size = sizeof open;
  open.user = &seen;
  open.progress = [](void* user, int64_t done, int64_t total) {
    auto& seen = *static_cast<Seen*>(user);
    CHECK(done >= seen.done);
    seen.done = done;
    seen.total = total;
    return done == seen.end ? 1 : 0;
  };
  const std::string path = folder / "gpt2/lm";
  locus_model* model = nullptr;
  CHECK(locus_open(path.c_str(), &open, &model, nullptr) == LOCUS_OK);
  CHECK(seen.done == seen.total);
  CHECK(seen.total > 3);
  locus_close(&model);
  seen = {.end = 2};
  CHECK(failure_of([&](auto error) { return locus_open(path.c_str(), &open, &model, error); }) ==
        "3: run: cancelled");
  CHECK(model == nullptr);
}

TEST_CASE_FIXTURE(Border, "C: a run is ended by progress, by cancel, and goes on after resume") {
  locus_score_options score = {};
  score.struct_size = sizeof score;
  score.progress = [](void*, int64_t, int64_t) { return 1; };
  locus_scores* scores = nullptr;
  const auto call = [&](locus_error** error) {
    return locus_score(gpt2.worker, "the cat sat the cat", &score, &scores, error);
  };
  CHECK(failure_of(call) == "3: run: cancelled");
  CHECK(scores == nullptr);
  score.progress = nullptr;
  locus_cancel(gpt2.worker);
  CHECK(failure_of(call) == "3: run: cancelled");
  locus_resume(gpt2.worker);
  CHECK(failure_of(call) == "0");
  locus_free(scores);
}

TEST_CASE_FIXTURE(Border, "C: a cancelled generation returns what there is") {
  options.user = gpt2.worker;
  options.on_text = [](void* user, int64_t, const char*, size_t) {
    locus_cancel(static_cast<locus_worker*>(user));
    return 0;
  };
  const char* const prompts[] = {"the cat"};
  const auto texts = result_of<locus_texts>([&](auto result, auto error) {
    return locus_generate(gpt2.worker, prompts, 1, &options, result, error);
  });
  CHECK(texts->finishes[0] == LOCUS_ENDED);
  locus_resume(gpt2.worker);
}

TEST_CASE_FIXTURE(Border, "C: a callback that throws, or calls its worker again, is an error") {
  options.on_text = [](void*, int64_t, const char*, size_t) -> int32_t { throw 7; };
  CHECK(generate() == "2: callback: expected none to throw, found an exception");
  options.user = this;
  options.on_text = [](void* user, int64_t, const char*, size_t) {
    auto& tiny = *static_cast<Border*>(user);
    locus_scores* scores = nullptr;
    CHECK(failure_of([&](auto error) {
            return locus_score(tiny.gpt2.worker, "the cat", nullptr, &scores, error);
          }) ==
          "1: worker: expected one call at a time: locus_worker_open opens one for another thread "
          "or a callback, found a call that has not ended");
    return 1;
  };
  CHECK(generate() == "0");
}

}  // namespace locus::tests
