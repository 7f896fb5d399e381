// A host that traps whatever arithmetic does: no call may fall into its traps.
#include <xmmintrin.h>

#include <functional>

#include "tests/c/border.hpp"
#include "tests/support/paths.hpp"

namespace locus::tests {
namespace {

constexpr uint32_t all_traps = 0;    // of MXCSR: nothing is masked
constexpr uint32_t flags = 0x3f;     // which are set by whatever is computed
constexpr uint32_t upward = 0x4000;  // rounding

/// What `call` returns while everything traps. Nothing may be computed here meanwhile.
locus_status trapped(const std::function<locus_status()>& call) {
  const uint32_t own = _mm_getcsr();
  _mm_setcsr(all_traps | upward);
  const locus_status status = call();
  const uint32_t after = _mm_getcsr();
  _mm_setcsr(own);
  CHECK((after & ~flags) == (all_traps | upward));
  return status;
}

}  // namespace

TEST_CASE_FIXTURE(Border, "C: arithmetic is the library's own, whatever the host traps") {
  const std::string path = folder / "gpt2/lm", pieces = source_path("weights/span-t5");
  const char* const text = "the cat and 1.5 hats of it .";
  const auto expected = result_of<locus_scores>([&](auto** result, auto** error) {
    return locus_score(gpt2.worker, text, nullptr, result, error);
  });
  for (const std::string& place : {path, pieces}) {
    locus_model* model = nullptr;
    locus_worker* worker = nullptr;
    locus_description* description = nullptr;
    locus_tokens* tokens = nullptr;
    locus_scores* scores = nullptr;
    locus_matrix* matrix = nullptr;
    CHECK(trapped([&] { return locus_open(place.c_str(), nullptr, &model, nullptr); }) == LOCUS_OK);
    CHECK(trapped([&] { return locus_describe(model, &description, nullptr); }) == LOCUS_OK);
    CHECK(trapped([&] { return locus_worker_open(model, 2, &worker, nullptr); }) == LOCUS_OK);
    CHECK(trapped([&] { return locus_tokenize(model, text, 1, &tokens, nullptr); }) == LOCUS_OK);
    CHECK(trapped([&] { return locus_score(worker, text, nullptr, &scores, nullptr); }) ==
          LOCUS_OK);
    CHECK(trapped([&] { return locus_encoding(nullptr, "rope", nullptr, &matrix, nullptr); }) ==
          LOCUS_OK);
    const Freed<locus_description> described(description);
    const Freed<locus_tokens> tokenized(tokens);
    const Freed<locus_scores> scored(scores);
    const Freed<locus_matrix> drawn(matrix);
    locus_worker_close(&worker);
    locus_close(&model);
    if (place == path) CHECK(scored->total_nll == expected->total_nll);
  }
}

}  // namespace locus::tests
