// From opening to figures under a host's own arithmetic: the same results, and its settings stay.
#include <doctest/doctest.h>
#include <xmmintrin.h>

#include <cfenv>
#include <functional>
#include <vector>

#include "pipelines/comparison.hpp"
#include "pipelines/encoding_view.hpp"
#include "pipelines/pipeline.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::tests::hosts {
namespace {

constexpr uint32_t mode_bits = 0xffc0;  // of MXCSR: all but the flags

/// What a program may do with folders: opening, tokens, figures, vectors, pictures.
std::vector<double> everything() {
  TemporaryFolder folder;
  std::vector<double> all;
  const auto add = [&](const auto& values) { all.insert(all.end(), values.begin(), values.end()); };
  const auto causal = model_with_tokenizer(folder, "gpt2/lm");
  auto pipeline = Pipeline::open(causal);
  auto other = pipeline.share(1);
  const Evaluation evaluation = other.evaluate("the cat and the hat of it .");
  all.insert(all.end(),
             {evaluation.summary.nll, evaluation.interval.low, evaluation.interval.high});
  const std::vector<Document> documents{
      {"a", "the cat and the hat of it .\n\nthe hat and the cat ."}};
  MeasureSettings settings{{4, 8}, 1};
  for (const ComparedModel& model : measure_model(pipeline.model(), causal, documents, settings)) {
    all.insert(all.end(), {bits_of(model), model.bits_interval.low, model.bits_interval.high});
  }
  auto vectors = Pipeline::open(model_with_tokenizer(folder, "bert/bare"));
  add(vectors.embed("the cat").values);
  const auto unigram = Tokenizer::open(source_path("weights/span-t5"));
  add(unigram->encode_ids("An unmistakably extraordinary sentence, tokenized by likelihood."));
  for (const char* scheme : {"sinusoidal", "rope", "alibi", "t5", "bias:score=-0.5*abs(i-j)"}) {
    const PositionSubject subject = subject_of_scheme(scheme, {8, 16, 2, 8});
    for (const Tensor& matrix : {rows_of(subject), bias_of(subject), decay_of(subject)}) {
      if (!matrix.empty()) add(matrix.values());
    }
  }
  return all;
}

TEST_CASE("a pipeline's results do not depend on the host's arithmetic, which stays") {
  const uint32_t own = _mm_getcsr();
  const auto expected = everything();
  const auto under = [&](uint32_t setting) {
    CAPTURE(setting);
    _mm_setcsr(setting);
    const auto found = everything();
    const uint32_t after = _mm_getcsr();
    _mm_setcsr(own);
    CHECK(found == expected);
    CHECK((after & mode_bits) == (setting & mode_bits));
  };
  for (const uint32_t rounding : {0x2000u, 0x4000u, 0x6000u}) under(0x1f80 | rounding);
  under(0x1f80 | 0x8040);  // subnormal numbers are 0
}

}  // namespace
}  // namespace locus::tests::hosts
