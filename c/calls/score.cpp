// How well a model predicts a text.
#include <limits>

#include "c/calls/handles.hpp"

namespace {

using namespace locus;
using namespace locus::c;

EvaluateOptions evaluate_options(const locus_score_options& given) {
  EvaluateOptions options;
  options.task = text_or_empty("task", given.task);
  const std::string convention = text_or_empty("convention", given.convention);
  if (!convention.empty()) options.convention = parse_convention(convention);
  options.context = count_or_none("context", given.context);
  options.stride = count_or_none("stride", given.stride);
  const bool all = given.sample == -1;
  options.sample = all ? std::optional<int64_t>(0) : count_or_none("sample", given.sample);
  options.seed = given.seed;
  if (given.progress) {
    options.progress = [given](int64_t done, int64_t total) {
      if (given.progress(given.user, done, total) != 0) throw Error::cancellation();
    };
  }
  return options;
}

void fill_tokens(locus_scores& result, Storage& storage, const Evaluation& evaluation) {
  const TextScores& scores = evaluation.scores.front();
  std::vector<int64_t> index;
  std::vector<int32_t> ids, ranks;
  std::vector<std::string> tokens;
  std::vector<double> nll, entropies;
  for (const TokenScore& score : scores) {
    index.push_back(score.index);
    ids.push_back(score.token);
    ranks.push_back(score.rank);
    tokens.push_back(evaluation.tokenizer->token(score.token));
    nll.push_back(score.nll);
    entropies.push_back(score.entropy);
  }
  result.count = scores.size();
  result.index = storage.keep(std::move(index));
  result.ids = storage.keep(std::move(ids));
  result.tokens = storage.keep(std::move(tokens));
  result.nll = storage.keep(std::move(nll));
  result.ranks = storage.keep(std::move(ranks));
  result.entropies = storage.keep(std::move(entropies));
}

void fill_offsets(locus_scores& result, Storage& storage, const Evaluation& evaluation,
                  Session& session) {
  // Throws after `locus_cancel`.
  const auto check = [&session] { session.parallel(1, [](int64_t, int) {}); };
  const EncodeOptions bare{.special = false, .max_length = {}, .check = check};
  const auto encoded = evaluation.tokenizer->encode(evaluation.documents.front().raw, bare);
  std::vector<int64_t> begins, ends;
  for (const TokenScore& score : evaluation.scores.front()) {
    const auto& offset = encoded.offsets.at(static_cast<size_t>(score.index));
    begins.push_back(offset ? offset->begin : -1);
    ends.push_back(offset ? offset->end : -1);
  }
  result.begins = storage.keep(std::move(begins));
  result.ends = storage.keep(std::move(ends));
}

void fill_figures(locus_scores& result, const Evaluation& evaluation) {
  const Summary& summary = evaluation.summary;
  result.total_nll = summary.nll;
  result.perplexity = summary.perplexity;
  result.bits_per_byte = summary.bits_per_byte.value_or(std::numeric_limits<double>::quiet_NaN());
  result.low = evaluation.interval.low;
  result.high = evaluation.interval.high;
  result.bytes = summary.extent.bytes;
  result.words = summary.extent.words;
}

}  // namespace

locus_status locus_score(locus_worker* worker, const char* text, const locus_score_options* options,
                         locus_scores** result, locus_error** error) {
  return answer(result, error, [&](locus_scores& scores, Storage& storage) {
    const Turn turn(worker);
    const auto settings = evaluate_options(options_of("options", options));
    const auto evaluation = turn.pipeline().evaluate(text_of("text", text), settings);
    fill_tokens(scores, storage, evaluation);
    fill_offsets(scores, storage, evaluation, turn.pipeline().session());
    fill_figures(scores, evaluation);
  });
}
