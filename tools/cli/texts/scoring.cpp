#include "tools/cli/texts/scoring.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "evaluation/score_infill.hpp"

namespace locus::cli {
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

const Tokenizer& expect_tokenizer(const Tokenizer* tokenizer) {
  if (!tokenizer) throw Error("perplexity", "a folder with a tokenizer for this task", "none");
  return *tokenizer;
}

int32_t decoder_start(const Model& model) {
  const auto start = model.special().decoder_start;
  if (!start) throw Error("config.json", "a decoder_start_token_id", "none");
  return *start;
}

int32_t target_start(const Model& model, const TargetBeginning& beginning) {
  return beginning.start ? *beginning.start : decoder_start(model);
}

CausalSettings causal_settings(const Model& model, const Tokenizer* tokenizer,
                               const ScoringSettings& settings) {
  CausalSettings causal;
  causal.windows.convention = settings.convention;
  causal.windows.context = settings.context;
  causal.windows.stride = settings.stride;
  causal.bos = window_opening(model, tokenizer, settings.convention);
  causal.batch = settings.batch;
  return causal;
}

// The special tokens around a text are those that the tokenizer puts around any.
void surround(const Tokenizer& tokenizer, MaskedSettings& masked) {
  const auto encoding = tokenizer.encode("a");
  bool inside = false;
  for (size_t i = 0; i < encoding.ids.size(); ++i) {
    inside = inside || !encoding.special[i];
    if (encoding.special[i]) (inside ? masked.after : masked.before).push_back(encoding.ids[i]);
  }
}

InfillSettings infill_settings(const Model& model, const Tokenizer& tokenizer,
                               const ScoringSettings& settings) {
  InfillSettings infill;
  for (int64_t n = 0; const auto sentinel = tokenizer.sentinel(n); ++n) {
    infill.sentinels.push_back(*sentinel);
  }
  infill.decoder_start = decoder_start(model);
  infill.end = tokenizer.special_ids().eos;
  infill.context = settings.context;
  infill.seed = settings.seed;
  infill.batch = settings.batch;
  return infill;
}

}  // namespace

ScoringTask scoring_task(const Model& model, std::string_view name, bool has_source) {
  const std::string_view wanted = has_source && name.empty() ? "given-source" : name;
  const auto& task = model.spec().task;
  for (const auto& row : rows) {
    if (row.model_task == task && (wanted.empty() || wanted == row.name)) return row.task;
  }
  if (wanted.empty()) throw Error("perplexity", "a model with a language-model head", task);
  throw Error("perplexity", "a task of a " + task + " model", std::string(wanted));
}

std::string name_of(ScoringTask task) { return row_of(task).name; }
std::string metric_name(ScoringTask task) { return row_of(task).metric; }

std::optional<int32_t> window_opening(const Model& model, const Tokenizer* tokenizer,
                                      Convention convention) {
  const auto first_of = [](std::optional<int32_t> a, std::optional<int32_t> b) {
    return a ? a : b;
  };
  const auto& ids = model.special();
  const auto of_tokenizer = tokenizer ? tokenizer->special_ids() : SpecialIds{};
  const auto bos = first_of(ids.bos, of_tokenizer.bos);
  // lm-eval's prefix token is the end-of-text token where there is no other.
  if (convention == Convention::lm_eval) return first_of(bos, first_of(ids.eos, of_tokenizer.eos));
  if (convention == Convention::hf) return std::nullopt;
  return bos;
}

MaskedSettings masked_settings(const Tokenizer& tokenizer, const ScoringSettings& settings) {
  const auto mask = tokenizer.special_ids().mask;
  if (!mask) throw Error("tokenizer", "a mask token", "none in " + tokenizer.description());
  MaskedSettings masked;
  masked.masking = settings.task == ScoringTask::masked_word ? Masking::word : Masking::position;
  masked.mask = *mask;
  surround(tokenizer, masked);
  masked.context = settings.context;
  masked.sample = settings.sample;
  masked.seed = settings.seed;
  masked.batch = settings.batch;
  return masked;
}

std::vector<TextScores> score_texts(Session& session, const Model& model,
                                    const Tokenizer* tokenizer, std::span<const Text> texts,
                                    const ScoringSettings& settings) {
  switch (settings.task) {
    case ScoringTask::causal:
      return score_causal(session, texts, causal_settings(model, tokenizer, settings));
    case ScoringTask::masked:
    case ScoringTask::masked_word:
      return score_masked(session, texts, masked_settings(expect_tokenizer(tokenizer), settings));
    case ScoringTask::infill:
      return score_infill(session, texts,
                          infill_settings(model, expect_tokenizer(tokenizer), settings));
    case ScoringTask::given_source:
      return score_given_source(session, settings.sources, texts,
                                {.decoder_start = target_start(model, settings.beginning),
                                 .behind_start = settings.beginning.behind,
                                 .context = settings.context,
                                 .batch = settings.batch});
  }
  return {};
}

}  // namespace locus::cli
