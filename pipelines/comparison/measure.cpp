#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/float_environment.hpp"
#include "evaluation/score_units.hpp"
#include "evaluation/session_check.hpp"
#include "pipelines/comparison.hpp"
#include "pipelines/comparison/curves.hpp"
#include "pipelines/comparison/floors.hpp"
#include "pipelines/documents.hpp"
#include "pipelines/model_names.hpp"
#include "pipelines/provenance.hpp"
#include "pipelines/scoring_tokens.hpp"
#include "pipelines/text/ids_hash.hpp"
#include "pipelines/tokenizers.hpp"

namespace locus {
namespace {

std::string distinct_names(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (text.find(part) == std::string::npos) text += (text.empty() ? "" : ", ") + part;
  }
  return text.empty() ? "none" : text;
}

ComparedModel described(const std::string& name, const Model& model, const CancelCheck& check) {
  ComparedModel compared;
  const Graph& graph = *model.graph();
  compared.name = model_names({name}).front();
  compared.family = model.spec().family;
  compared.encoding = distinct_names(model.encodings());
  compared.trained_context = model.spec().trained_context;
  if (graph.max_length() != PositionalEncoding::unlimited) compared.max_length = graph.max_length();
  compared.parameters = graph.parameters();
  compared.encoding_parameters = graph.encoding_parameters();
  compared.untrained = graph.untrained();
  compared.pictures = draw_encodings(graph);
  compared.training = find_training(model.folder());
  compared.files = hashes_of(model, check);
  if (compared.training) compared.training_curve = compared.training->curve;
  return compared;
}

/// A masked model has two metrics, which are not to be mixed; any other has one.
std::vector<ScoringTask> tasks_of(const Model& model) {
  const ScoringTask task = scoring_task(model.spec(), "", false);
  if (task == ScoringTask::masked) return {task, ScoringTask::masked_word};
  return {task};
}

ScoringSettings scoring_settings(const MeasureSettings& options, const Model& model) {
  ScoringSettings settings;
  set_windows(settings, *model.graph(), options.context, options.stride);
  settings.convention = options.convention;
  settings.sample = options.sample;
  settings.seed = options.seed;
  return settings;
}

/// The floors of the training text, where the model's ids are of their vocabulary.
const Floors* fitting(const MeasureSettings& wanted, const ComparedModel& compared) {
  const bool fits = wanted.floors && compared.training &&
                    compared.training->vocabulary() == wanted.floors->vocabulary_sha256();
  return fits ? wanted.floors.get() : nullptr;
}

void summarise(ComparedModel& compared, const pipelines::ScoredTexts& scored,
               const MeasureSettings& wanted) {
  compared.summary = summarize(scored.texts, scored.scores, scored.check);
  const ScoreUnits units = score_units(scored.texts, scored.scores, scored.documents, scored.check);
  compared.unit = units.unit;
  compared.units = units_by_byte(scored.texts, units, scored.check);
  compared.bits_interval = bootstrap(compared.units, {.check = scored.check});
  compared.floors = pipelines::floors_of(scored, compared.units, fitting(wanted, compared));
  compared.standing = pipelines::standing_of(compared.floors);
}

/// What windows a causal model was scored in.
void state_windows(ComparedModel& compared, const ScoringSettings& settings) {
  const bool overlaps =
      settings.convention == Convention::sliding || settings.convention == Convention::hf;
  compared.context = settings.context;
  if (settings.task != ScoringTask::causal) return;
  compared.convention = settings.convention;
  if (overlaps) compared.stride = settings.stride > 0 ? settings.stride : settings.context / 2;
}

/// The runs of a model as one, of which each is an equal share, so that progress never falls.
class SharedProgress {
 public:
  SharedProgress(RunObserver& observer, int64_t runs) : observer_(observer), runs_(runs) {}
  void show(int64_t done, int64_t all) {
    if (ended_) run_ = std::min(run_ + 1, runs_ - 1);
    ended_ = done == all;
    observer_.progress(run_ * all + done, runs_ * all);
  }

 private:
  RunObserver& observer_;
  int64_t runs_;
  int64_t run_ = 0;
  bool ended_ = false;
};

/// Times that texts are scored, at most: a length that a model or all texts are too short for is
/// left out.
int64_t runs_of(const Model& model, const std::vector<int64_t>& lengths) {
  const auto tasks = static_cast<int64_t>(tasks_of(model).size());
  if (lengths.empty() || tasks_of(model).front() != ScoringTask::causal) return tasks;
  const auto longer = std::ranges::count_if(
      lengths, [&](int64_t length) { return length > model.spec().trained_context; });
  return tasks + 1 + static_cast<int64_t>(lengths.size()) + longer;
}

CausalSettings disjoint_settings(const ScoringSettings& settings) {
  CausalSettings causal;
  causal.windows = {Convention::disjoint, settings.context, 0, false};
  causal.bos = settings.tokens.bos;
  causal.batch = settings.batch;
  return causal;
}

void measure_curves(ComparedModel& compared, Session& session, std::span<const Text> texts,
                    const CausalSettings& settings, const std::vector<int64_t>& lengths) {
  const pipelines::DisjointScores disjoint{settings, score_causal(session, texts, settings)};
  compared.by_position = loss_by_context(disjoint.scores, position_bucket, check_of(session));
  compared.by_length = pipelines::measure_lengths(session, texts, lengths, settings);
  std::vector<int64_t> longer;
  for (const int64_t length : lengths) {
    if (length >= compared.trained_context) longer.push_back(length);
  }
  if (!longer.empty())
    compared.disjoint = pipelines::measure_disjoint(session, texts, longer, disjoint);
}

}  // namespace

std::vector<ComparedModel> measure_model(const Model& model, const std::string& name,
                                         const std::vector<Document>& documents,
                                         const MeasureSettings& wanted) {
  const DefaultFloats floats;
  if (documents.empty()) throw Error("comparison", "at least one text", "none");
  for (const int64_t length : wanted.lengths) {
    if (length < 2) throw Error("lengths", "2 or more", std::to_string(length));
  }
  Session session(model.graph(), {.threads = wanted.threads});
  const auto observer =
      wanted.observe ? wanted.observe(session, model_names({name}).front()) : nullptr;
  const CancelCheck check = check_of(session);
  const auto tokenizer = open_tokenizer(model, {}, check);
  const std::vector<Text> texts = make_texts(*tokenizer, documents, check);
  ScoringSettings settings = scoring_settings(wanted, model);
  settings.tokens = scoring_tokens(model, tokenizer.get());
  std::optional<SharedProgress> progress;
  if (observer) {
    progress.emplace(*observer, runs_of(model, wanted.lengths));
    settings.batch.progress = [&](int64_t done, int64_t all) { progress->show(done, all); };
  }
  std::vector<ComparedModel> measured;
  std::vector<TextScores> scores;  // by word, those of the task before are a beginning
  for (const ScoringTask task : tasks_of(model)) {
    ComparedModel& compared = measured.emplace_back(described(name, model, check));
    compared.tokenizer = pipelines::sha256_of_ids(texts, check);
    compared.lossy_share = lossy_share(*tokenizer, documents, check);
    compared.task = settings.task = task;
    state_windows(compared, settings);
    const bool by_word = task == ScoringTask::masked_word;
    scores = by_word ? score_words(session, texts, scores, masked_settings(settings))
                     : score_texts(session, texts, settings);
    const bool causal = task == ScoringTask::causal;
    summarise(compared, {texts, scores, documents, model.graph()->vocabulary(), causal, check},
              wanted);
    if (causal && !wanted.lengths.empty()) {
      measure_curves(compared, session, texts, disjoint_settings(settings), wanted.lengths);
    }
    compared.runs = {run_of(compared)};
  }
  return measured;
}

}  // namespace locus
