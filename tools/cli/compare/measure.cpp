#include <chrono>

#include "engine/error.hpp"
#include "tools/cli/compare/comparison.hpp"
#include "tools/cli/support/hash.hpp"
#include "tools/cli/support/interruption.hpp"
#include "tools/cli/support/progress.hpp"
#include "tools/cli/support/score_units.hpp"

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

void describe(ComparedModel& compared, const Model& model) {
  const Graph& graph = *model.graph();
  compared.family = model.spec().family;
  compared.encoding = distinct_names(model.encodings());
  compared.trained_context = model.spec().trained_context;
  if (graph.max_length() != PositionalEncoding::unlimited) compared.max_length = graph.max_length();
  compared.parameters = graph.parameters();
  compared.encoding_parameters = graph.encoding_parameters();
  compared.untrained = graph.untrained();
  compared.picture = draw_encoding(graph);
  for (const auto& [name, path] : model.files()) compared.files[name] = sha256_of_file(path);
}

ScoringSettings scoring_settings(const CompareOptions& options, const Model& model) {
  ScoringSettings settings;
  settings.task = scoring_task(model, "", false);
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
  compared.units = units_by_byte(texts, scores);
  compared.bits_per_byte = bootstrap(compared.units);
}

CausalSettings causal_settings(const Model& model, const Tokenizer& tokenizer,
                               const ScoringSettings& settings) {
  CausalSettings causal;
  causal.windows = {Convention::disjoint, settings.context, 0, false};
  causal.bos = window_opening(model, &tokenizer, Convention::disjoint);
  causal.batch = settings.batch;
  return causal;
}

}  // namespace

ComparedModel measure_model(const std::string& name, const CompareOptions& options,
                            const CompareResult& setting) {
  const auto begin = std::chrono::steady_clock::now();
  CommonOptions common = options.common;
  common.model = name;
  const auto model = open_model(common, setting.lengths.back());
  const auto tokenizer = open_tokenizer(*model);
  const std::vector<Text> texts = make_texts(*tokenizer, setting.documents);

  ComparedModel compared;
  compared.name = std::filesystem::path(name).filename().string();
  describe(compared, *model);
  compared.tokenizer = fingerprint(texts);
  compared.lossy_share = lossy_share(*tokenizer, setting.documents);

  Session session(model->graph(), session_options(common));
  const Cancellable cancellable(session);
  Progress progress(compared.name);
  ScoringSettings settings = scoring_settings(options, *model);
  settings.batch.progress = [&](int64_t done, int64_t total) { progress.show(done, total); };
  compared.task = settings.task;
  compared.context = settings.context;
  summarise(compared, texts, score_texts(session, *model, tokenizer.get(), texts, settings),
            setting);
  if (settings.task == ScoringTask::causal) {
    const CausalSettings causal = causal_settings(*model, *tokenizer, settings);
    compared.by_position = loss_by_context(score_causal(session, texts, causal), position_bucket);
    compared.by_length = measure_lengths(session, texts, setting.lengths, causal);
  }
  compared.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return compared;
}

}  // namespace locus::cli
