#include "base/error.hpp"
#include "base/sha256.hpp"
#include "evaluation/score_units.hpp"
#include "pipelines/documents.hpp"
#include "pipelines/provenance.hpp"
#include "pipelines/tokenizers.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/verbs/compare/comparison.hpp"

namespace locus::cli {
namespace {

std::string distinct_names(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (text.find(part) == std::string::npos) text += (text.empty() ? "" : ", ") + part;
  }
  return text.empty() ? "none" : text;
}

/// Which tokens a text becomes: models that agree here may be compared token by token.
std::string fingerprint(std::span<const Text> texts) {
  std::string ids;
  for (const Text& text : texts) {
    ids.append(reinterpret_cast<const char*>(text.ids.data()), text.ids.size() * sizeof(int32_t));
  }
  return sha256(ids);
}

ComparedModel described(const std::string& name, const Model& model) {
  ComparedModel compared;
  const Graph& graph = *model.graph();
  compared.name = std::filesystem::path(name).filename().string();
  compared.family = model.spec().family;
  compared.encoding = distinct_names(model.encodings());
  compared.trained_context = model.spec().trained_context;
  if (graph.max_length() != PositionalEncoding::unlimited) compared.max_length = graph.max_length();
  compared.parameters = graph.parameters();
  compared.encoding_parameters = graph.encoding_parameters();
  compared.untrained = graph.untrained();
  compared.picture = draw_encoding(graph);
  compared.files = hashes_of(model);
  return compared;
}

/// A masked model has two metrics, which are not to be mixed; any other has one.
std::vector<ScoringTask> tasks_of(const Model& model) {
  const ScoringTask task = scoring_task(model.spec(), "", false);
  if (task == ScoringTask::masked) return {task, ScoringTask::masked_word};
  return {task};
}

ScoringSettings scoring_settings(const CompareOptions& options, const Model& model) {
  ScoringSettings settings;
  settings.context = default_context(*model.graph());
  settings.sample = options.full ? 0 : options.sample;
  settings.seed = options.seed;
  return settings;
}

void summarise(ComparedModel& compared, std::span<const Text> texts,
               const std::vector<TextScores>& scores, const CompareResult& setting) {
  compared.summary = summarize(texts, scores);
  const ScoreUnits units = score_units(texts, scores, setting.documents);
  compared.unit = units.unit;
  compared.units = units_by_byte(texts, units);
  compared.bits_per_byte = bootstrap(compared.units);
}

CausalSettings disjoint_settings(const ScoringSettings& settings) {
  CausalSettings causal;
  causal.windows = {Convention::disjoint, settings.context, 0, false};
  causal.bos = settings.tokens.bos;
  causal.batch = settings.batch;
  return causal;
}

void measure_curves(ComparedModel& compared, Session& session, std::span<const Text> texts,
                    const CausalSettings& settings, const CompareResult& setting) {
  const DisjointScores disjoint{settings, score_causal(session, texts, settings)};
  compared.by_position = loss_by_context(disjoint.scores, position_bucket);
  compared.by_length = measure_lengths(session, texts, setting.lengths, settings);
  std::vector<int64_t> longer;
  for (const int64_t length : setting.lengths) {
    if (length >= compared.trained_context) longer.push_back(length);
  }
  if (!longer.empty()) compared.disjoint = measure_disjoint(session, texts, longer, disjoint);
}

}  // namespace

std::vector<ComparedModel> measure_model(const std::string& name, const CompareOptions& options,
                                         const CompareResult& setting, const Step& step) {
  CommonOptions common = options.common;
  common.model = name;
  const auto model = open_model(common, setting.lengths.back());
  const auto tokenizer = open_tokenizer(*model);
  const std::vector<Text> texts = make_texts(*tokenizer, setting.documents, check_interruption);

  Session session(model->graph(), session_options(common));
  const Cancellable cancellable(session);
  Progress progress(std::filesystem::path(name).filename().string(), step);
  ScoringSettings settings = scoring_settings(options, *model);
  settings.tokens = scoring_tokens(*model, tokenizer.get());
  settings.batch.progress = [&](int64_t done, int64_t total) { progress.show(done, total); };
  std::vector<ComparedModel> measured;
  std::vector<TextScores> scores;  // by word, those of the task before are a beginning
  for (const ScoringTask task : tasks_of(*model)) {
    ComparedModel& compared = measured.emplace_back(described(name, *model));
    compared.tokenizer = fingerprint(texts);
    compared.lossy_share = lossy_share(*tokenizer, setting.documents, check_interruption);
    compared.task = settings.task = task;
    compared.context = settings.context;
    const bool by_word = task == ScoringTask::masked_word;
    scores = by_word ? score_words(session, texts, scores, masked_settings(settings))
                     : score_texts(session, texts, settings);
    summarise(compared, texts, scores, setting);
    if (task == ScoringTask::causal) {
      measure_curves(compared, session, texts, disjoint_settings(settings), setting);
    }
  }
  return measured;
}

}  // namespace locus::cli
