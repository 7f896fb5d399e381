#include "base/error.hpp"
#include "base/float_environment.hpp"
#include "evaluation/score_task.hpp"
#include "evaluation/score_units.hpp"
#include "pipelines/documents.hpp"
#include "pipelines/scoring_tokens.hpp"
#include "pipelines/tasks/pipeline_state.hpp"
#include "pipelines/text/session_check.hpp"
#include "pipelines/text/streamed_texts.hpp"
#include "pipelines/tokenizers.hpp"

namespace locus {
namespace {

/// An option that nothing would come of was not meant.
void expect_use(const EvaluateOptions& options, ScoringTask task) {
  const bool causal = task == ScoringTask::causal;
  const bool masked = task == ScoringTask::masked || task == ScoringTask::masked_word;
  const Convention convention = options.convention.value_or(Convention::sliding);
  const bool slides = convention == Convention::sliding || convention == Convention::hf;
  const std::string none = "none for the task '" + name_of(task) + "'";
  if (options.convention && !causal) throw Error("convention", none, to_string(convention));
  if (options.begin.given && !causal) throw Error("begin token", none, "one");
  if (options.sample && !masked) throw Error("sample", none, std::to_string(*options.sample));
  if (!options.stride || (causal && slides)) return;
  throw Error("stride", causal ? "none with the convention '" + to_string(convention) + "'" : none,
              std::to_string(*options.stride));
}

ScoringSettings settings_of(const Model& model, const EvaluateOptions& options, bool has_source) {
  ScoringSettings settings;
  settings.task = scoring_task(model.spec(), options.task, has_source);
  expect_use(options, settings.task);
  settings.convention = options.convention.value_or(settings.convention);
  settings.context = options.context.value_or(default_context(*model.graph()));
  settings.stride = options.stride.value_or(0);
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

/// Scores the texts of an evaluation that has everything else, and sums up.
Evaluation scored(const Model& model, Session& session, Evaluation evaluation, bool sums_alone) {
  check_ids(model, evaluation.texts);
  evaluation.scores = score_texts(session, evaluation.texts, evaluation.settings);
  evaluation.settings.batch.progress = {};
  evaluation.summary = summarize(evaluation.texts, evaluation.scores);
  if (sums_alone) return evaluation;
  const auto units = score_units(evaluation.texts, evaluation.scores, evaluation.documents);
  set_interval(evaluation, units_by_token(units.scores), pipelines::check_of(session));
  evaluation.unit = units.unit;
  return evaluation;
}

}  // namespace

Evaluation Pipeline::State::evaluate(Evaluation evaluation, std::vector<Document> documents,
                                     bool sums_alone) {
  evaluation.texts = make_texts(*evaluation.tokenizer, documents, [this] { check(); });
  evaluation.documents = std::move(documents);
  evaluation = scored(*model, session, std::move(evaluation), sums_alone);
  if (sums_alone) return evaluation;
  evaluation.hashes = hashes_of(evaluation.documents);
  evaluation.lossy_share =
      lossy_share(*evaluation.tokenizer, evaluation.documents, [this] { check(); });
  return evaluation;
}

Evaluation Pipeline::State::evaluate(Evaluation evaluation, const OpenDocuments& documents,
                                     const TakeScore& take) {
  const pipelines::StreamedTexts texts(documents, evaluation.tokenizer, [this] { check(); });
  pipelines::Survey survey = texts.survey(model->graph()->vocabulary());
  const int64_t size = block_size(survey.bytes);
  UnitMaker units(texts.block_ends(survey, size), size);
  SummaryMaker summary;
  const auto add = [&](const StreamedScore& scored) {
    summary.add(scored.score, scored.extent);
    units.add(scored.text, scored.byte_begin, scored.score.nll);
    if (take) take(scored);
  };
  score_stream(session, survey.sizes, texts.tokens(survey), evaluation.settings, add);
  evaluation.settings.batch.progress = {};
  evaluation.summary = summary.finish();
  set_interval(evaluation, units.units(), [this] { check(); });
  evaluation.unit = units.unit();
  evaluation.lossy_share = texts.lossy_share(survey);
  evaluation.hashes = std::move(survey.hashes);
  return evaluation;
}

Evaluation Pipeline::evaluate(std::string_view text, const EvaluateOptions& options) {
  check_text("text", text);
  return evaluate(std::vector{Document{"text", std::string(text)}}, options);
}

Evaluation Pipeline::evaluate(std::vector<Document> documents, const EvaluateOptions& options) try {
  const DefaultFloats floats;
  const Turn turn(*this);
  Evaluation evaluation;
  evaluation.settings = settings_of(model(), options, false);
  evaluation.settings.tokens = scoring_tokens(model(), &state_->opened_tokenizer(), options.begin);
  evaluation.tokenizer = state_->tokenizer;
  return state_->evaluate(std::move(evaluation), std::move(documents), options.sums_alone);
} catch (...) {
  throw_as_error("evaluate");
}

Evaluation Pipeline::evaluate(const OpenDocuments& documents, const EvaluateOptions& options,
                              const TakeScore& take) try {
  const DefaultFloats floats;
  const Turn turn(*this);
  Evaluation evaluation;
  evaluation.settings = settings_of(model(), options, false);
  evaluation.settings.tokens = scoring_tokens(model(), &state_->opened_tokenizer(), options.begin);
  evaluation.tokenizer = state_->tokenizer;
  return state_->evaluate(std::move(evaluation), documents, take);
} catch (...) {
  throw_as_error("evaluate");
}

Evaluation Pipeline::evaluate(std::vector<Text> texts, const EvaluateOptions& options) try {
  const DefaultFloats floats;
  const Turn turn(*this);
  Evaluation evaluation;
  evaluation.settings = settings_of(model(), options, false);
  const auto check = state_->encoding().check;
  if (!state_->tokenizer) state_->tokenizer = find_tokenizer(model(), check);
  evaluation.tokenizer = state_->tokenizer;
  if (!evaluation.tokenizer && evaluation.settings.task != ScoringTask::causal) {
    throw Error("perplexity", "a folder with a tokenizer for this task", "none");
  }
  evaluation.settings.tokens = scoring_tokens(model(), evaluation.tokenizer.get(), options.begin);
  evaluation.texts = std::move(texts);
  return scored(model(), session(), std::move(evaluation), options.sums_alone);
} catch (...) {
  throw_as_error("evaluate");
}

Evaluation Pipeline::evaluate(std::span<const Document> sources, std::vector<Document> targets,
                              const EvaluateOptions& options) try {
  const DefaultFloats floats;
  const Turn turn(*this);
  Evaluation evaluation;
  auto& settings = evaluation.settings = settings_of(model(), options, true);
  const std::string& family = model().spec().family;
  const auto& [source_language, target_language] = options.languages;
  const auto check = state_->encoding().check;
  const auto source = open_tokenizer(model(), source_language, check);
  const std::string code = family == "marian" ? marian_code(*source, target_language) : "";
  for (const Document& each : sources) {
    settings.sources.push_back(source->encode_ids(code + each.raw, state_->encoding()));
  }
  evaluation.tokenizer =
      open_target_tokenizer(model(), family == "mbart" ? target_language : std::string(), check);
  settings.tokens = scoring_tokens(model(), evaluation.tokenizer.get(), options.begin);
  const auto beginning = target_beginning(model(), *evaluation.tokenizer);
  settings.tokens.after_start = beginning.after_start;
  if (beginning.start) settings.tokens.decoder_start = beginning.start;
  return state_->evaluate(std::move(evaluation), std::move(targets), options.sums_alone);
} catch (...) {
  throw_as_error("evaluate");
}

}  // namespace locus
