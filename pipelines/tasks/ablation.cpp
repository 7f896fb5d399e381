#include "pipelines/ablation.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/float_environment.hpp"
#include "evaluation/score_units.hpp"
#include "evaluation/session_check.hpp"
#include "pipelines/documents.hpp"
#include "pipelines/scoring_tokens.hpp"
#include "pipelines/tokenizers.hpp"

namespace locus {
namespace {

/// A text and how one variant of the model scores it.
struct Scored {
  ScoringTask task = ScoringTask::causal;
  int64_t context = 0;
  std::vector<Text> texts;
  ScoreUnits units;
  std::vector<TextScores> scores;
  std::vector<Unit> by_unit;
  double largest = 0;  // change of a token's loss from those of the model as trained
};

/// Opens, scores and compares variants of one model.
class Laboratory {
 public:
  Laboratory(const AblationSettings& settings, const std::vector<Document>& documents)
      : settings_(settings), documents_(documents) {}

  AblationReport run(const std::vector<AblationChange>& changes) {
    const auto model = open({});
    AblationReport report;
    report.model = model->folder().filename().string();
    report.encodings = model->encodings();
    trained_ = score(*model, "as trained");
    report.task = trained_.task;
    report.context = trained_.context;
    report.unit = trained_.units.unit;
    const std::vector<Unit>& units = trained_.by_unit;
    report.nll = weighted_mean(units);
    for (const auto& unit : units) report.tokens += static_cast<int64_t>(unit.weight);
    for (const AblationChange& each : changes) change(each, *model, report.results);
    judge(units, report.results);
    return report;
  }

 private:
  std::shared_ptr<const Model> open(const AblationChange& change) const {
    ModelOptions wanted = settings_.options;
    wanted.threads = settings_.threads;
    if (!change.encoding.empty()) wanted.encoding = change.encoding;
    wanted.change = change.change;
    wanted.revise = change.revise;
    return Model::open(settings_.model, wanted);
  }

  Scored score(const Model& model, const std::string& what) {
    Session session(model.graph(), {.threads = settings_.threads});
    const auto observer = settings_.observe ? settings_.observe(session, what) : nullptr;
    Scored scored;
    const CancelCheck check = check_of(session);
    if (!tokenizer_) tokenizer_ = open_tokenizer(model, {}, check);
    scored.texts = make_texts(*tokenizer_, documents_, check);
    ScoringSettings wanted;
    wanted.task = scored.task = scoring_task(model.spec(), "", false);
    set_windows(wanted, *model.graph(), settings_.context);
    scored.context = wanted.context;
    wanted.sample = settings_.sample;
    wanted.seed = settings_.seed;
    wanted.tokens = scoring_tokens(model, tokenizer_.get());
    if (observer) {
      wanted.batch.progress = [&](int64_t done, int64_t all) { observer->progress(done, all); };
    }
    scored.scores = score_texts(session, scored.texts, wanted);
    scored.units = score_units(scored.texts, scored.scores, documents_, check);
    scored.by_unit = units_by_token(scored.units.scores, check);
    if (!trained_.scores.empty()) {
      scored.largest = largest_change(trained_.scores, scored.scores, check);
    }
    return scored;
  }

  // The change in all layers, and where it was asked for in one layer at a time.
  void change(AblationChange change, const Model& model, std::vector<AblationResult>& results) {
    change.change.span = trained_.context;
    results.push_back(measure(change));
    if (!settings_.layers || !change.encoding.empty()) return;
    const auto& nodes = model.spec().nodes;
    const auto layers = std::ranges::count_if(nodes, [](const NodeSpec& node) {
      return node.kind == "attention" && !node.encoding.empty();
    });
    for (int64_t layer = 0; layer < layers; ++layer) {
      change.change.layer = layer;
      results.push_back(measure(change));
    }
  }

  AblationResult measure(const AblationChange& change) {
    AblationResult result;
    result.change = change.text;
    result.layer = change.change.layer;
    try {
      const auto model = open(change);
      result.untrained = model->graph()->untrained();
      Scored scored = score(*model, change.text);
      result.units = std::move(scored.by_unit);
      result.nll = weighted_mean(result.units);
      result.largest = scored.largest;
    } catch (const Error& error) {
      if (error.cancelled()) throw;
      result.error = error.what();
    }
    return result;
  }

  void judge(const std::vector<Unit>& trained, std::vector<AblationResult>& results) const {
    std::vector<std::vector<Unit>> measured;
    for (const auto& result : results) {
      if (result.error.empty()) measured.push_back(result.units);
    }
    if (measured.empty()) return;
    ComparisonSettings settings;
    settings.margin = margin_in_nats;
    settings.bootstrap.seed = settings.sign_flip.seed = settings_.seed;
    const auto comparisons = compare(measured, trained, settings);
    auto next = comparisons.begin();
    for (auto& result : results) {
      if (result.error.empty()) result.comparison = *next++;
    }
  }

  const AblationSettings& settings_;
  const std::vector<Document>& documents_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  Scored trained_;
};

}  // namespace

AblationReport measure_changes(const AblationSettings& settings,
                               const std::vector<AblationChange>& changes,
                               std::vector<Document> documents) {
  const DefaultFloats floats;
  AblationReport report = Laboratory(settings, documents).run(changes);
  report.documents = std::move(documents);
  return report;
}

}  // namespace locus
