#include "base/error.hpp"
#include "evaluation/score_task.hpp"
#include "evaluation/score_units.hpp"
#include "evaluation/session_check.hpp"
#include "pipelines/documents.hpp"
#include "pipelines/scoring_tokens.hpp"
#include "pipelines/tasks/tasks.hpp"
#include "pipelines/text/streamed_texts.hpp"
#include "pipelines/tokenizers.hpp"

namespace locus::pipelines {
namespace {

/// An option that nothing would come of was not meant.
void expect_use(const EvaluateOptions& options, ScoringTask task) {
  const bool causal = task == ScoringTask::causal;
  const bool masked = task == ScoringTask::masked || task == ScoringTask::masked_word;
  const Convention convention = options.convention.value_or(Convention::sliding);
  const bool slides = convention == Convention::sliding || convention == Convention::hf;
  const std::string none = "none for the task '" + name_of(task) + "'";
  if (options.convention && !causal) throw Error("convention", none, name_of(convention));
  if (options.begin.given && !causal) throw Error("begin token", none, "one");
  if (options.sample && !masked) throw Error("sample", none, std::to_string(*options.sample));
  if (!options.stride || (causal && slides)) return;
  throw Error("stride", causal ? "none with the convention '" + name_of(convention) + "'" : none,
              std::to_string(*options.stride));
}

ScoringSettings settings_of(const Model& model, const EvaluateOptions& options, bool has_source) {
  ScoringSettings settings;
  settings.task = scoring_task(model.spec(), options.task, has_source);
  expect_use(options, settings.task);
  settings.convention = options.convention.value_or(settings.convention);
  set_windows(settings, *model.graph(), options.context, options.stride);
  settings.sample = options.sample.value_or(settings.sample);
  settings.seed = options.seed;
  settings.batch.progress = options.progress;
  return settings;
}

void check_ids(const Model& model, std::span<const Text> texts) {
  const auto vocabulary = model.graph()->vocabulary();
  for (const Text& text : texts) {
    for (const auto id : text.ids) {
      if (id >= 0 && id < vocabulary) continue;
      throw Error(text.name, "ids below " + std::to_string(vocabulary), std::to_string(id));
    }
  }
}

void set_interval(Evaluation& evaluation, std::span<const Unit> units, const CancelCheck& check) {
  BootstrapSettings settings;
  settings.seed = evaluation.settings.seed;
  settings.check = check;
  evaluation.interval = bootstrap(units, settings);
  evaluation.units = units.size();
}

/// An evaluation of text: what scores it, and what reads it.
Evaluation prepared(State& state, const EvaluateOptions& options) {
  Evaluation evaluation;
  evaluation.settings = settings_of(*state.model, options, false);
  evaluation.settings.tokens =
      scoring_tokens(*state.model, &state.opened_tokenizer(), options.begin);
  evaluation.tokenizer = state.tokenizer;
  return evaluation;
}

/// Scores the texts of an evaluation that has everything else, and sums up.
Evaluation scored(State& state, Evaluation evaluation, bool sums_alone) {
  const CancelCheck check = check_of(state.session);
  check_ids(*state.model, evaluation.texts);
  evaluation.scores = score_texts(state.session, evaluation.texts, evaluation.settings);
  evaluation.settings.batch.progress = {};
  evaluation.summary = summarize(evaluation.texts, evaluation.scores, check);
  if (sums_alone) return evaluation;
  const auto units = score_units(evaluation.texts, evaluation.scores, evaluation.documents, check);
  set_interval(evaluation, units_by_token(units.scores, check), check);
  evaluation.unit = units.unit;
  return evaluation;
}

/// Reads and scores the documents of an evaluation that has its settings and
/// its tokenizer.
Evaluation read_and_scored(State& state, Evaluation evaluation, std::vector<Document> documents,
                           bool sums_alone) {
  const CancelCheck check = state.encoding().check;
  evaluation.texts = make_texts(*evaluation.tokenizer, documents, check);
  evaluation.documents = std::move(documents);
  evaluation = scored(state, std::move(evaluation), sums_alone);
  if (sums_alone) return evaluation;
  evaluation.hashes = hashes_of(evaluation.documents, check);
  evaluation.lossy_share = lossy_share(*evaluation.tokenizer, evaluation.documents, check);
  return evaluation;
}

}  // namespace

Evaluation evaluate_documents(State& state, std::vector<Document> documents,
                              const EvaluateOptions& options) {
  return read_and_scored(state, prepared(state, options), std::move(documents), options.sums_alone);
}

Evaluation evaluate_stream(State& state, const OpenDocuments& documents,
                           const EvaluateOptions& options, const TakeScore& take) {
  Evaluation evaluation = prepared(state, options);
  const CancelCheck check = state.encoding().check;
  const StreamedTexts texts(documents, evaluation.tokenizer, check);
  Survey survey = texts.survey(state.model->graph()->vocabulary());
  const int64_t size = block_size(survey.bytes);
  UnitMaker units(texts.block_ends(survey, size), size);
  SummaryMaker summary;
  const auto add = [&](const StreamedScore& scored) {
    summary.add(scored.score, scored.extent);
    units.add(scored.text, scored.byte_begin, scored.score.nll);
    if (take) take(scored);
  };
  score_stream(state.session, survey.sizes, texts.tokens(survey), evaluation.settings, add);
  evaluation.settings.batch.progress = {};
  evaluation.summary = summary.finish();
  set_interval(evaluation, units.units(), check);
  evaluation.unit = units.unit();
  evaluation.lossy_share = texts.lossy_share(survey);
  evaluation.hashes = std::move(survey.hashes);
  return evaluation;
}

Evaluation evaluate_texts(State& state, std::vector<Text> texts, const EvaluateOptions& options) {
  Evaluation evaluation;
  evaluation.settings = settings_of(*state.model, options, false);
  evaluation.tokenizer = state.found_tokenizer();
  if (!evaluation.tokenizer && evaluation.settings.task != ScoringTask::causal) {
    throw Error("perplexity", "a folder with a tokenizer for this task", "none");
  }
  evaluation.settings.tokens =
      scoring_tokens(*state.model, evaluation.tokenizer.get(), options.begin);
  evaluation.texts = std::move(texts);
  return scored(state, std::move(evaluation), options.sums_alone);
}

Evaluation evaluate_pairs(State& state, std::span<const Document> sources,
                          std::vector<Document> targets, const EvaluateOptions& options) {
  Evaluation evaluation;
  auto& settings = evaluation.settings = settings_of(*state.model, options, true);
  const std::string& family = state.model->spec().family;
  const auto& [source_language, target_language] = options.languages;
  const auto check = state.encoding().check;
  const auto source = open_tokenizer(*state.model, source_language, check);
  const std::string code = family == "marian" ? marian_code(*source, target_language) : "";
  for (const Document& each : sources) {
    settings.sources.push_back(source->encode_ids(code + each.raw, state.encoding()));
  }
  evaluation.tokenizer = open_target_tokenizer(
      *state.model, family == "mbart" ? target_language : std::string(), check);
  settings.tokens = scoring_tokens(*state.model, evaluation.tokenizer.get(), options.begin);
  const auto beginning = target_beginning(*state.model, *evaluation.tokenizer);
  settings.tokens.after_start = beginning.after_start;
  if (beginning.start) settings.tokens.decoder_start = beginning.start;
  return read_and_scored(state, std::move(evaluation), std::move(targets), options.sums_alone);
}

}  // namespace locus::pipelines
