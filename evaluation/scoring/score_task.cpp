#include "evaluation/score_task.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "evaluation/score_infill.hpp"

namespace locus {
namespace {

struct TaskRow {
  ScoringTask task;
  const char* name;
  const char* model_task;
  const char* metric;
};

constexpr std::array rows{
    TaskRow{ScoringTask::causal, "causal", "causal-lm", "perplexity"},
    TaskRow{ScoringTask::masked, "masked", "masked-lm", "pseudo-perplexity"},
    TaskRow{ScoringTask::masked_word, "masked-word", "masked-lm", "pseudo-perplexity by word"},
    TaskRow{ScoringTask::infill, "infill", "sequence-to-sequence", "infill perplexity"},
    TaskRow{ScoringTask::given_source, "given-source", "sequence-to-sequence",
            "perplexity given a source"},
};

const TaskRow& row_of(ScoringTask task) {
  return *std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.task == task; });
}

int32_t decoder_start(const ScoringSettings& settings) {
  if (settings.tokens.decoder_start) return *settings.tokens.decoder_start;
  throw Error("config.json", "a decoder_start_token_id", "none");
}

SourceSettings source_settings(const ScoringSettings& settings) {
  return {.decoder_start = decoder_start(settings),
          .after_start = settings.tokens.after_start,
          .context = settings.context,
          .batch = settings.batch};
}

}  // namespace

ScoringTask scoring_task(const GraphSpec& spec, std::string_view name, bool has_source) {
  const std::string_view wanted = has_source && name.empty() ? "given-source" : name;
  for (const auto& row : rows) {
    if (row.model_task == spec.task && (wanted.empty() || wanted == row.name)) return row.task;
  }
  if (wanted.empty()) throw Error("perplexity", "a model with a language-model head", spec.task);
  throw Error("perplexity", "a task of a " + spec.task + " model", std::string(wanted));
}

std::string name_of(ScoringTask task) { return row_of(task).name; }
std::string metric_name(ScoringTask task) { return row_of(task).metric; }

void set_windows(ScoringSettings& settings, const Graph& graph, std::optional<int64_t> context,
                 std::optional<int64_t> stride) {
  if (context && *context < 2) throw Error("context", "at least 2", std::to_string(*context));
  if (stride && *stride < 1) throw Error("stride", "at least 1", std::to_string(*stride));
  settings.context = context.value_or(default_context(graph));
  settings.stride = stride.value_or(0);
}

std::optional<int32_t> window_opening(const ScoringTokens& tokens, Convention convention) {
  if (convention == Convention::lm_eval) return tokens.prefix;
  return convention == Convention::hf ? std::nullopt : tokens.bos;
}

CausalSettings causal_settings(const ScoringSettings& settings) {
  CausalSettings causal;
  causal.windows.convention = settings.convention;
  causal.windows.context = settings.context;
  causal.windows.stride = settings.stride;
  causal.bos = window_opening(settings.tokens, settings.convention);
  causal.batch = settings.batch;
  return causal;
}

MaskedSettings masked_settings(const ScoringSettings& settings) {
  const ScoringTokens& tokens = settings.tokens;
  if (!tokens.mask) throw Error("tokenizer", "a mask token", "none");
  if (settings.sample < 0) throw Error("sample", "0 or more", std::to_string(settings.sample));
  MaskedSettings masked;
  masked.masking = settings.task == ScoringTask::masked_word ? Masking::word : Masking::position;
  masked.mask = *tokens.mask;
  masked.before = tokens.before;
  masked.after = tokens.after;
  masked.context = settings.context;
  masked.sample = settings.sample;
  masked.seed = settings.seed;
  masked.batch = settings.batch;
  return masked;
}

InfillSettings infill_settings(const ScoringSettings& settings) {
  InfillSettings infill;
  infill.sentinels = settings.tokens.sentinels;
  infill.decoder_start = decoder_start(settings);
  if (infill.sentinels.empty()) throw Error("infill", "sentinels", "a model without them");
  infill.end = settings.tokens.end;
  infill.context = settings.context;
  infill.seed = settings.seed;
  infill.batch = settings.batch;
  return infill;
}

std::vector<TextScores> score_texts(Session& session, std::span<const Text> texts,
                                    const ScoringSettings& settings) {
  switch (settings.task) {
    case ScoringTask::causal:
      return score_causal(session, texts, causal_settings(settings));
    case ScoringTask::masked:
    case ScoringTask::masked_word:
      return score_masked(session, texts, masked_settings(settings));
    case ScoringTask::infill:
      return score_infill(session, texts, infill_settings(settings));
    case ScoringTask::given_source:
      return score_given_source(session, settings.sources, texts, source_settings(settings));
  }
  return {};
}

}  // namespace locus
