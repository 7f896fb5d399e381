#include "pipelines/scoring_tokens.hpp"

#include "base/error.hpp"

namespace locus {
namespace {

std::optional<int32_t> first_of(std::optional<int32_t> a, std::optional<int32_t> b) {
  return a ? a : b;
}

// The special tokens around a text are those that the tokenizer puts around any.
void surround(const Tokenizer& tokenizer, ScoringTokens& tokens) {
  const auto encoding = tokenizer.encode("a");
  bool inside = false;
  for (size_t i = 0; i < encoding.ids.size(); ++i) {
    inside = inside || !encoding.special[i];
    if (encoding.special[i]) (inside ? tokens.after : tokens.before).push_back(encoding.ids[i]);
  }
}

void add_masked(const Tokenizer& tokenizer, ScoringTokens& tokens) {
  tokens.mask = tokenizer.special_ids().mask;
  if (!tokens.mask) throw Error("tokenizer", "a mask token", "none in " + tokenizer.description());
  surround(tokenizer, tokens);
}

/// Some files name one of a larger vocabulary (IgLM: GPT-2's, of 33 tokens).
void check_begin(const Model& model, std::optional<int32_t> id) {
  const int64_t vocabulary = model.graph()->vocabulary();
  if (!id || model.spec().task != "causal-lm" || (*id >= 0 && *id < vocabulary)) return;
  throw Error("bos_token_id",
              "a begin token among the " + std::to_string(vocabulary) +
                  " of the model (perplexity --bos takes another, or none)",
              std::to_string(*id));
}

}  // namespace

ScoringTokens scoring_tokens(const Model& model, const Tokenizer* tokenizer,
                             const BeginToken& begin) {
  const auto& ids = model.special();
  const auto named = tokenizer ? tokenizer->special_ids() : SpecialIds{};
  ScoringTokens tokens;
  tokens.bos = begin.given ? begin.id : first_of(ids.bos, named.bos);
  check_begin(model, tokens.bos);
  // lm-eval's prefix token is the end-of-text token where there is no other.
  tokens.prefix = first_of(tokens.bos, first_of(ids.eos, named.eos));
  tokens.end = named.eos;
  tokens.decoder_start = ids.decoder_start;
  if (!tokenizer) return tokens;
  if (model.spec().task == "masked-lm") add_masked(*tokenizer, tokens);
  for (int64_t n = 0; const auto sentinel = tokenizer->sentinel(n); ++n) {
    tokens.sentinels.push_back(*sentinel);
  }
  return tokens;
}

}  // namespace locus
