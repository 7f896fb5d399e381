#include "tools/claims/bench.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "evaluation/score_units.hpp"
#include "evaluation/sweep.hpp"
#include "pipelines/documents.hpp"
#include "pipelines/scoring_tokens.hpp"
#include "pipelines/tokenizers.hpp"
#include "pipelines/training.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/verbs/compare/places.hpp"

namespace locus::cli::claims {
namespace {

ScoringTokens tokens_of(const Reader& reader) {
  return scoring_tokens(*reader.model, reader.tokenizer.get());
}

CausalSettings causal_windows(const Reader& reader, const BatchSettings& batch) {
  CausalSettings settings;
  settings.bos = tokens_of(reader).bos;
  settings.batch = batch;
  return settings;
}

}  // namespace

Bench::Bench(BenchSettings settings, std::vector<Document> documents)
    : settings_(std::move(settings)), documents_(std::move(documents)) {}

std::shared_ptr<const Reader> Bench::changed(const std::string& name,
                                             const EncodingChange& change) {
  const auto path = shipped_model(name);
  if (!path) throw Error(name, "a model in LOCUS_MODELS or beside the installation", "none");
  ModelOptions options = model_options(settings_.common, long_length);
  options.change = change;
  auto reader = std::make_shared<Reader>();
  reader->model = Model::open(*path, options);
  reader->tokenizer = open_tokenizer(*reader->model);
  reader->texts = make_texts(*reader->tokenizer, documents_);
  return reader;
}

std::shared_ptr<const Reader> Bench::reader(const std::string& name) {
  auto& reader = readers_[name];
  if (!reader) reader = changed(name, {});
  return reader;
}

std::vector<TextScores> Bench::run(const Reader& reader, const Scorer& score) {
  check_interruption();
  Session session(reader.model->graph(), session_options(settings_.common));
  const Cancellable cancellable(session);
  cli::Progress progress(reader.model->folder().filename().string(), step_);
  BatchSettings batch;
  batch.progress = [&](int64_t done, int64_t total) { progress.show(done, total); };
  return score(session, batch);
}

Scored Bench::with_units(const Reader& reader, std::vector<TextScores> scores) const {
  const ScoreUnits units = score_units(reader.texts, scores, documents_);
  return {std::move(scores), units_by_token(units.scores)};
}

Scored Bench::whole(const Reader& reader, int64_t context) {
  return once(reader, "windows of " + std::to_string(context),
              [&] { return measure_whole(reader, context); });
}

Recipes Bench::recipes_of(const std::vector<std::string>& names) {
  Recipes recipes;
  std::vector<std::optional<Training>> blocks;
  for (const std::string& name : names) {
    blocks.push_back(find_training(reader(name)->model->folder()));
    if (!blocks.back()) recipes.unknown.push_back(name);
  }
  std::vector<NamedTraining> known;
  for (size_t i = 0; i < names.size(); ++i) {
    if (blocks[i]) known.push_back({names[i], &*blocks[i]});
  }
  for (const auto& difference : recipe_differences(known))
    recipes.fields.push_back(difference.field);
  return recipes;
}

// Several claims ask the same of a model.
const Scored& Bench::once(const Reader& reader, const std::string& what,
                          const std::function<Scored()>& measure) {
  for (const auto& [name, kept] : readers_) {
    if (kept.get() != &reader) continue;
    const auto [place, fresh] = known_.try_emplace(name + ", " + what);
    if (fresh) place->second = measure();
    return place->second;
  }
  return last_ = measure();
}

Scored Bench::measure_whole(const Reader& reader, int64_t context) {
  return with_units(reader, run(reader, [&](Session& session, const BatchSettings& batch) {
                      ScoringSettings wanted;
                      wanted.convention = Convention::disjoint;
                      wanted.context = context;
                      wanted.tokens = tokens_of(reader);
                      wanted.batch = batch;
                      return score_texts(session, reader.texts, wanted);
                    }));
}

std::map<int64_t, Scored> Bench::sweep(const Reader& reader, const std::vector<int64_t>& lengths) {
  std::map<int64_t, Scored> scored;
  const bool opened = causal_windows(reader, {}).bos.has_value();
  const auto windows = sweep_windows(reader.texts, sweep_of(lengths, opened));
  for (size_t i = 0; i < lengths.size(); ++i) {
    if (!any_window(windows[i])) continue;
    const std::string what = std::to_string(lengths[i]) + " of " + std::to_string(lengths.back());
    scored[lengths[i]] = once(reader, what, [&] { return swept(reader, windows[i]); });
  }
  return scored;
}

Scored Bench::swept(const Reader& reader, const std::vector<std::vector<Window>>& windows) {
  return with_units(reader, run(reader, [&](Session& session, const BatchSettings& batch) {
                      return score_windows(session, reader.texts, windows,
                                           causal_windows(reader, batch));
                    }));
}

std::vector<TextScores> Bench::at_places(const Reader& reader, const std::vector<Text>& texts,
                                         const std::vector<Place>& places) {
  return run(reader, [&](Session& session, const BatchSettings& batch) {
    if (!reader.model->graph()->causal()) {
      MaskedSettings masked = masked_settings({.tokens = tokens_of(reader)});
      masked.batch = batch;
      return score_places(session, texts, places, masked);
    }
    const CausalSettings causal = causal_windows(reader, batch);
    std::vector<std::vector<Window>> windows(texts.size());
    for (const auto& [text, index] : places) {
      windows[text].push_back({0, index + 1, index, causal.bos.has_value()});
    }
    return score_windows(session, texts, windows, causal);
  });
}

std::vector<Comparison> Bench::compare_pairs(
    const std::vector<std::vector<Unit>>& candidates,
    const std::vector<std::vector<Unit>>& baselines) const {
  ComparisonSettings settings;
  settings.margin = margin_in_nats;
  settings.bootstrap.seed = settings.sign_flip.seed = settings_.seed;
  std::vector<Comparison> comparisons;
  for (size_t i = 0; i < candidates.size(); ++i) {
    comparisons.push_back(compare_pair(candidates[i], baselines[i], settings));
  }
  judge(comparisons, settings);
  return comparisons;
}

EncodingChange change_of(EncodingChange::Kind kind, double amount) {
  EncodingChange change;
  change.kind = kind;
  change.amount = amount;
  return change;
}

std::shared_ptr<const PositionalEncoding> first_encoding(const Graph& graph) {
  return graph.encoding(graph.spec().encodings.begin()->first);
}

int64_t longest_text(const Reader& reader) {
  size_t longest = 0;
  for (const Text& text : reader.texts) longest = std::max(longest, text.ids.size());
  return static_cast<int64_t>(longest);
}

std::vector<Unit> mean_of(const std::vector<std::vector<Unit>>& candidates) {
  std::vector<Unit> mean = candidates.at(0);
  for (size_t i = 0; i < mean.size(); ++i) {
    mean[i].sum = 0;
    for (const auto& candidate : candidates) mean[i].sum += candidate.at(i).sum;
    mean[i].sum /= static_cast<double>(candidates.size());
  }
  return mean;
}

Support supports_worse(const Comparison& comparison) {
  switch (comparison.verdict) {
    case Verdict::worse:
      return Support::confirms;
    case Verdict::better:
    case Verdict::equivalent:
      return Support::contradicts;
    default:
      return Support::open;
  }
}

Support supports_no_worse(const Comparison& comparison) {
  const Support support = supports_worse(comparison);
  if (support == Support::open) return support;
  return support == Support::confirms ? Support::contradicts : Support::confirms;
}

}  // namespace locus::cli::claims
