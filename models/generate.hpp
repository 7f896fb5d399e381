// Continues prompts: greedy, by sampling, or by beam search.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../engine/session.hpp"

namespace locus {

class Model;

/// When a beam search with enough finished candidates ends.
///
/// - `heuristic`: when the best open one, at its present length, is not better than the worst
///   finished one.
/// - `always`: at once.
/// - `never`: when no open one can become better, even at the greatest length.
enum class EarlyStopping { heuristic, always, never };

/// Two definitions of beam search. That of transformers 4 looks at the best candidate of a step
/// when it asks whether an open one can become better, be it finished or not, and writes the first
/// end token for any. That of 5 looks at open ones alone, and writes the end token that was found.
enum class BeamRules { transformers_4, transformers_5 };

/// Beam search as transformers defines it.
struct BeamSettings {
  int64_t beams = 1;          ///< 1: no beam search
  double length_penalty = 1;  ///< score = sum of log p / length^penalty
  EarlyStopping early_stopping = EarlyStopping::heuristic;
  int64_t n_best = 1;  ///< results for each prompt, at most `beams`
  BeamRules rules = BeamRules::transformers_4;
};

/// How a token is drawn. Filters apply in this order.
struct SamplingSettings {
  double temperature = 0;  ///< logits are divided by it; 0: the most probable token (greedy)
  int64_t top_k = 0;       ///< keep the k most probable tokens; 0: all
  double top_p = 1;        ///< keep the smallest set of the most probable tokens with this mass
                           ///< (Holtzman et al. 2020, section 3.1)
  double min_p = 0;        ///< keep tokens of at least this share of the largest probability
  double typical_p = 1;    ///< keep the tokens nearest to the expected information that have at
                           ///< least this mass (Meister et al. 2022, section 3)
  double epsilon = 0;      ///< drop tokens of a smaller probability; 0: none
  double eta = 0;          ///< likewise below min(eta, sqrt(eta) e^-entropy) (Hewitt et al. 2022)
  uint64_t seed = 0;
};

/// What makes repetitions less likely.
struct RepetitionSettings {
  double penalty = 1;    ///< of tokens already there (Keskar et al. 2019, section 4.1)
  int64_t no_ngram = 0;  ///< no n-gram of this size occurs twice; 0: off
  /// Above 1: tokens of the source are likelier; of a causal model the prompt is the source.
  double source_penalty = 1;
  int64_t no_source_ngram = 0;  ///< no n-gram of the source occurs; 0: off
};

/// How long a text may get. Lengths include the prompt, or the decoder's start.
struct LengthSettings {
  int64_t min = 0;      ///< no end token is chosen before a text has this many tokens
  int64_t min_new = 0;  ///< the same for new tokens alone
  int64_t max = 0;      ///< greatest length (see `default_max_tokens`); 0: no such limit
  int64_t max_new = 0;  ///< the same for new tokens alone
  /// With n more new tokens than this, |v| (decay^n - 1) is added to the value v of every end
  /// token: its logit, or with beams its log-probability.
  int64_t decay_after = 0;
  double decay = 1;
};

/// A number that is added to the value of a word's last token after its other tokens (see
/// `LengthSettings::decay_after`).
struct WordBias {
  std::vector<int32_t> ids;
  double bias = 0;
};

/// Tokens that a model's config forbids, or demands at an end of the text.
struct ForcedSettings {
  std::vector<int32_t> suppressed;        ///< never chosen
  std::optional<int32_t> first;           ///< follows a text of one token (a decoder's start)
  std::optional<int32_t> last;            ///< the token at the greatest length
  std::vector<int32_t> first_suppressed;  ///< never the first new token, or never after `first`
  /// The last token of each is not chosen after its others.
  std::vector<std::vector<int32_t>> bad_words;
  std::vector<WordBias> biases;
};

/// Called for each new token of prompt `prompt` as soon as it is chosen (beam search: never). False
/// ends that prompt's text after this token.
using TokenCallback = std::function<bool(int64_t prompt, int32_t token)>;

struct GenerationSettings {
  int64_t max_tokens = 128;  ///< new ones for each prompt
  std::vector<int32_t> end;  ///< ids that end a text
  BeamSettings beam;
  SamplingSettings sampling;
  RepetitionSettings repetition;
  LengthSettings length;
  ForcedSettings forced;
  bool renormalize = false;              ///< beams: rules leave probabilities that add up to 1
  std::vector<std::string> stop_texts;   ///< end a text; for callers who have its words
  std::optional<int32_t> decoder_start;  ///< encoder-decoders: what the decoder begins with
  TokenCallback on_token;
};

/// What the model's generation_config.json says, or its config.json where there is none; else 128
/// tokens by arg max. Throws Error for what changes the result and is not known here: groups of
/// beams, contrastive search, guidance, constraints, watermarks, forced decoder ids, a time limit.
GenerationSettings generation_settings(const Model& model);

/// New tokens of a text by the settings' lengths, where they have any, as far as the model's
/// positions allow; else `fallback`, or as many as fit. `prompt` is the longest prompt's length.
/// Throws Error where the prompt is as long as the settings allow a text to be.
int64_t default_max_tokens(const GenerationSettings& settings, const Graph& graph, int64_t prompt,
                           int64_t fallback);

/// What ended a text. `generate` throws when it is cancelled: `cancelled` is for callers that keep
/// what they had been told until then.
enum class Finish { end_token, max_tokens, stopped, cancelled };

struct Generated {
  std::vector<int32_t> ids;  ///< new tokens alone; an end token, when reached, is included
  double score = 0;          ///< sum of log p of the new tokens / length^length_penalty
  Finish finish = Finish::max_tokens;
};

/// Continues prompts of any lengths together, without padding: a causal model continues their ids;
/// an encoder-decoder reads them and its decoder starts from `decoder_start`. Results for each
/// prompt, best first: one, or `n_best`. The result of a prompt does not depend on the others.
/// Throws Error for an empty prompt, settings out of range, an encoder-decoder without
/// `decoder_start`, prompts and new tokens beyond the model's positions (at most 2^24), logits that
/// are not finite, and when cancelled.
std::vector<std::vector<Generated>> generate(Session& session,
                                             std::span<const std::vector<int32_t>> prompts,
                                             const GenerationSettings& settings);

}  // namespace locus
