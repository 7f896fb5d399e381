#include "python/binding/scores.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <span>
#include <type_traits>

#include "pipelines/scoring_tokens.hpp"
#include "python/binding/progress.hpp"

namespace locus::python {
namespace {

template <class T>
Array<T> column(const TextScores& scores, T TokenScore::*member) {
  std::vector<T> values;
  for (const TokenScore& score : scores) values.push_back(score.*member);
  return array_of(std::move(values));
}

void add_tokens(nb::dict& found, const Evaluation& evaluation) {
  const TextScores& scores = evaluation.scores.front();
  const auto encoded = run_here([&](const auto& check) {
    const EncodeOptions bare{.special = false, .max_length = {}, .check = check};
    return evaluation.tokenizer->encode(evaluation.documents.front().raw, bare);
  });
  std::vector<std::string> tokens;
  std::vector<std::optional<Span>> spans;
  for (const TokenScore& score : scores) {
    tokens.push_back(evaluation.tokenizer->token(score.token));
    spans.push_back(encoded.offsets.at(static_cast<size_t>(score.index)));
  }
  found["tokens"] = tokens;
  found["offsets"] = offsets_of(spans);
  found["index"] = column(scores, &TokenScore::index);
  found["ids"] = column(scores, &TokenScore::token);
  found["rank"] = column(scores, &TokenScore::rank);
  found["nll"] = column(scores, &TokenScore::nll);
  found["entropy"] = column(scores, &TokenScore::entropy);
}

void add_figures(nb::dict& found, const Evaluation& evaluation) {
  const Summary& summary = evaluation.summary;
  found["total_nll"] = summary.nll;
  found["perplexity"] = summary.perplexity;
  found["bits_per_byte"] = summary.bits_per_byte;
  found["ci95"] = nb::make_tuple(evaluation.interval.low, evaluation.interval.high);
  found["bytes"] = summary.extent.bytes;
  found["words"] = summary.extent.words;
  found["task"] = name_of(evaluation.settings.task);
  found["context"] = evaluation.settings.context;
}

nb::dict score_dict(const Evaluation& evaluation) {
  import_arrays();
  nb::dict found;
  add_tokens(found, evaluation);
  add_figures(found, evaluation);
  return found;
}

nb::tuple score_totals(const Evaluation& evaluation, const std::vector<size_t>& places,
                       size_t count) {
  import_arrays();
  std::vector<double> nll(count);
  std::vector<int64_t> tokens(count), bytes(count);
  for (size_t at = 0; at < places.size(); ++at) {
    const auto text = std::span(evaluation.texts).subspan(at, 1);
    const auto scores = std::span(evaluation.scores).subspan(at, 1);
    if (scores.front().empty()) continue;
    const Summary summary = summarize(text, scores);
    nll[places[at]] = summary.nll;
    tokens[places[at]] = summary.tokens;
    bytes[places[at]] = summary.extent.bytes;
  }
  return nb::make_tuple(array_of(std::move(nll)), array_of(std::move(tokens)),
                        array_of(std::move(bytes)));
}

/// Tokens that a text must have if one of them is to be scored.
size_t min_tokens(const Model& model, const Tokenizer& tokenizer, const EvaluateOptions& options) {
  const bool opened = scoring_tokens(model, &tokenizer, options.begin).bos.has_value();
  return model.graph()->causal() && !opened ? 2 : 1;
}

/// Places of the texts that have a token to score.
std::vector<size_t> scorable(Engine& engine, const std::vector<std::string>& texts,
                             const EvaluateOptions& options) {
  const Lease lease(*engine.workers);
  return run_here([&](const auto& check) {
    const Tokenizer& tokenizer = lease->pipeline.tokenizer(check);
    const size_t min_count = min_tokens(lease->pipeline.model(), tokenizer, options);
    const EncodeOptions bare{.special = false, .max_length = {}, .check = check};
    std::vector<size_t> places;
    for (size_t at = 0; at < texts.size(); ++at) {
      if (tokenizer.encode_ids(texts[at], bare).size() >= min_count) places.push_back(at);
    }
    return places;
  });
}

}  // namespace

Array<int64_t> offsets_of(const std::vector<std::optional<Span>>& spans) {
  std::vector<int64_t> bytes;
  for (const auto& span : spans) {
    bytes.push_back(span ? span->begin : -1);
    bytes.push_back(span ? span->end : -1);
  }
  return array_of(std::move(bytes), {spans.size(), 2});
}

nb::dict score(Engine& engine, const std::string& text, EvaluateOptions options,
               const nb::object& progress) {
  options.progress = progress_of(progress);
  return score_dict(
      engine.workers->run([&](Pipeline& pipeline) { return pipeline.evaluate(text, options); }));
}

nb::tuple score_all(Engine& engine, const std::vector<std::string>& texts, EvaluateOptions options,
                    const nb::object& progress) {
  const std::vector<size_t> places = scorable(engine, texts, options);
  std::vector<Document> documents;
  for (const size_t at : places) documents.push_back({"", texts[at]});
  if (documents.empty()) return score_totals({}, {}, texts.size());
  options.progress = progress_of(progress);
  options.sums_alone = true;
  const Evaluation evaluation = engine.workers->run(
      [&](Pipeline& pipeline) { return pipeline.evaluate(std::move(documents), options); });
  return score_totals(evaluation, places, texts.size());
}

}  // namespace locus::python
