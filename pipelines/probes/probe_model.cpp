#include <algorithm>
#include <filesystem>
#include <unordered_set>

#include "base/error.hpp"
#include "base/float_environment.hpp"
#include "base/random.hpp"
#include "base/watch.hpp"
#include "evaluation/session_check.hpp"
#include "pipelines/documents.hpp"
#include "pipelines/probes.hpp"
#include "pipelines/scoring_tokens.hpp"
#include "pipelines/text/ids_hash.hpp"
#include "pipelines/tokenizers.hpp"

namespace locus {
namespace {

constexpr int64_t string_length = 16;
constexpr size_t key_count = 5;
constexpr int64_t special_tokens = 2;  // of a length: what may stand around a text, for any model
constexpr const char* sentence_before = " The pass key is";
constexpr const char* sentence_after = ". Remember it.";
constexpr const char* question = " What is the pass key? The pass key is";

/// What probes are made of, in a model's tokens.
struct Material {
  std::vector<int32_t> filler;    ///< the beginning of the documents, one after the other
  std::vector<int32_t> alphabet;  ///< tokens that occur in them
  std::string fingerprint;        ///< of all their tokens
};

/// With filler for the longest of the lengths.
Material material_of(const std::vector<Text>& texts, const std::vector<int64_t>& lengths,
                     const CancelCheck& check) {
  Material material;
  material.fingerprint = pipelines::sha256_of_ids(texts, check);
  const int64_t longest = lengths.empty() ? 0 : std::ranges::max(lengths);
  Watch watch(check);
  std::unordered_set<int32_t> known;
  for (const Text& text : texts) {
    const int64_t room = longest - std::ssize(material.filler);
    const auto begin = text.ids.begin();
    material.filler.insert(material.filler.end(), begin,
                           begin + std::min(room, std::ssize(text.ids)));
    for (const int32_t id : text.ids) {
      watch.spend(Watch::bytes_per_token);
      known.insert(id);
    }
  }
  material.alphabet.assign(known.begin(), known.end());
  std::ranges::sort(material.alphabet);
  return material;
}

std::vector<int32_t> ids_of(const Tokenizer& tokenizer, const std::string& text) {
  return tokenizer.encode(text, {.special = false, .max_length = {}}).ids;
}

std::string drawn_key(Random& random) {
  std::string key = " ";
  for (int i = 0; i < 5; ++i) key += static_cast<char>('0' + random.below(10));
  return key;
}

/// Keys of five digits that are as many tokens as the first.
std::vector<PasskeyTrial> passkey_trials(const Tokenizer& tokenizer, int64_t count, uint64_t seed) {
  Random random(seed);
  std::vector<PasskeyTrial> trials;
  for (int64_t i = 0; i < count; ++i) {
    PasskeyTrial& trial = trials.emplace_back();
    trial.before = ids_of(tokenizer, sentence_before);
    trial.after = ids_of(tokenizer, sentence_after);
    trial.question = ids_of(tokenizer, question);
    for (int attempt = 0; trial.keys.size() < key_count; ++attempt) {
      auto key = ids_of(tokenizer, drawn_key(random));
      const bool fits = trial.keys.empty() || key.size() == trial.keys.front().size();
      const bool another = std::ranges::find(trial.keys, key) == trial.keys.end();
      if (fits && another) trial.keys.push_back(std::move(key));
      if (attempt > 1000) throw Error("passkey", "a tokenizer that tells numbers apart", "another");
    }
  }
  return trials;
}

/// Lengths that a model's positions hold.
std::vector<int64_t> fitting(const std::vector<int64_t>& lengths, const Graph& graph) {
  std::vector<int64_t> fit;
  for (const int64_t length : lengths) {
    if (length <= graph.max_length()) fit.push_back(length);
  }
  return fit;
}

ProbeFigure figure_of(std::vector<Unit> units, uint64_t seed) {
  ProbeFigure figure;
  BootstrapSettings settings;
  settings.seed = seed;
  figure.mean = weighted_mean(units);
  figure.interval = bootstrap(units, settings);
  figure.units = std::move(units);
  return figure;
}

/// One model's probes, one after the other.
class Prober {
 public:
  Prober(const Tokenizer& tokenizer, ScoreProbe score, const ProbeSettings& settings,
         ProbedModel& model)
      : tokenizer_(tokenizer), score_(std::move(score)), settings_(settings), model_(model) {}

  void recall(const Material& material, const std::vector<int64_t>& lengths) {
    RecallSettings recall{string_length, {}, settings_.trials, settings_.seed, material.alphabet};
    for (const int64_t length : lengths) {
      const int64_t distance = length - special_tokens - string_length;
      if (distance > string_length + 1) recall.distances.push_back(distance);
    }
    if (recall.distances.empty()) return;
    model_.recall_points = probe_recall(score_, recall);
    model_.recall = figure_of(recall_units(model_.recall_points), settings_.seed);
  }

  void passkey(const Material& material, const std::vector<int64_t>& lengths) {
    const auto trials = passkey_trials(tokenizer_, settings_.trials, settings_.seed);
    PasskeySettings passkey{{}, {0, 0.25, 0.5, 0.75, 1}, material.filler};
    for (const int64_t length : lengths) passkey.lengths.push_back(length - special_tokens);
    if (lengths.empty()) return;
    model_.passkey_cells = probe_passkey(score_, trials, passkey);
    for (PasskeyCell& cell : model_.passkey_cells) cell.length += special_tokens;
    model_.passkey = figure_of(passkey_units(model_.passkey_cells), settings_.seed);
  }

  void order(const std::vector<WordPair>& sentences) {
    std::vector<MinimalPair> pairs;
    for (const WordPair& pair : sentences) {
      pairs.push_back({ids_of(tokenizer_, pair.right), ids_of(tokenizer_, pair.wrong)});
    }
    if (pairs.empty()) return;
    model_.order = figure_of(pair_units(probe_pairs(score_, pairs)), settings_.seed);
  }

 private:
  const Tokenizer& tokenizer_;
  ScoreProbe score_;
  const ProbeSettings& settings_;
  ProbedModel& model_;
};

std::string encodings_of(const Model& model) {
  std::string text;
  for (const std::string& each : model.encodings()) {
    if (text.find(each) == text.npos) text += (text.empty() ? "" : ", ") + each;
  }
  return text.empty() ? "none" : text;
}

/// The points that another list has too, by a coordinate of theirs.
template <typename Point>
std::vector<Point> shared(const std::vector<Point>& points, const std::vector<Point>& others,
                          int64_t Point::*coordinate) {
  std::vector<Point> common;
  for (const Point& point : points) {
    const auto found = std::ranges::find(others, point.*coordinate, coordinate);
    if (found != others.end()) common.push_back(point);
  }
  return common;
}

/// One of the probes: where its figure is, and its units over what two models share.
struct ProbeKind {
  std::optional<ProbeFigure> ProbedModel::*figure;
  std::vector<Unit> (*units)(const ProbedModel& model, const ProbedModel& other);
  bool of_tokens;  // whether only models with the same tokens can be compared
};

const std::vector<ProbeKind>& all_probes() {
  static const std::vector<ProbeKind> probes{
      {&ProbedModel::recall,
       [](const ProbedModel& model, const ProbedModel& other) {
         return recall_units(
             shared(model.recall_points, other.recall_points, &RecallPoint::distance));
       },
       true},
      {&ProbedModel::passkey,
       [](const ProbedModel& model, const ProbedModel& other) {
         return passkey_units(
             shared(model.passkey_cells, other.passkey_cells, &PasskeyCell::length));
       },
       true},
      {&ProbedModel::order,
       [](const ProbedModel& model, const ProbedModel&) { return model.order->units; }, false}};
  return probes;
}

/// Of these figures more is better.
Verdict turned(Verdict verdict) {
  if (verdict == Verdict::better) return Verdict::worse;
  return verdict == Verdict::worse ? Verdict::better : verdict;
}

void compare_figures(std::vector<ProbedModel>& models, const ProbeKind& probe, uint64_t seed) {
  const ProbedModel& first = models.front();
  if (!(first.*probe.figure)) return;
  ComparisonSettings settings;
  settings.bootstrap.seed = settings.sign_flip.seed = seed;
  settings.margin = 0;
  std::vector<Comparison> comparisons;
  std::vector<ProbedModel*> compared;
  for (ProbedModel& model : models) {
    if (&model == &first || !(model.*probe.figure) || model.task != first.task) continue;
    if (probe.of_tokens && model.tokens != first.tokens) continue;
    const auto own = probe.units(model, first), base = probe.units(first, model);
    if (own.empty() || own.size() != base.size()) continue;
    comparisons.push_back(compare_pair(own, base, settings));
    compared.push_back(&model);
  }
  judge(comparisons, settings);
  for (size_t i = 0; i < compared.size(); ++i) {
    comparisons[i].verdict = turned(comparisons[i].verdict);
    (compared[i]->*probe.figure)->comparison = comparisons[i];
  }
}

}  // namespace

ProbedModel probe_model(const Model& model, const std::string& name,
                        const std::vector<Document>& documents, const ProbeSettings& settings) {
  const DefaultFloats floats;
  Session session(model.graph(), {.threads = settings.threads});
  const auto observer = settings.observe ? settings.observe(session, name) : nullptr;
  const auto tokenizer = open_tokenizer(model, {}, check_of(session));
  ScoringSettings scoring;
  scoring.task = scoring_task(model.spec(), "", false);
  scoring.tokens = scoring_tokens(model, tokenizer.get());
  if (observer) {
    scoring.batch.progress = [&](int64_t done, int64_t all) { observer->progress(done, all); };
  }
  ProbedModel probed;
  probed.name = name;
  probed.task = scoring.task;
  probed.encoding = encodings_of(model);
  probed.trained_context = model.spec().trained_context;
  const auto lengths = fitting(settings.lengths, *model.graph());
  const CancelCheck check = check_of(session);
  const Material material = material_of(make_texts(*tokenizer, documents, check), lengths, check);
  probed.tokens = material.fingerprint;
  Prober prober(*tokenizer, probe_scorer(session, scoring), settings, probed);
  if (settings.recall) prober.recall(material, lengths);
  if (settings.passkey) prober.passkey(material, lengths);
  if (settings.order) {
    prober.order(word_order_pairs(documents, settings.pairs, settings.seed, check));
  }
  return probed;
}

void compare_probes(std::vector<ProbedModel>& models, uint64_t seed) {
  const DefaultFloats floats;
  if (models.empty()) return;
  for (const ProbeKind& probe : all_probes()) compare_figures(models, probe, seed);
}

}  // namespace locus
