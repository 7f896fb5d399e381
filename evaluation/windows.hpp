// Which windows a causal model sees of a long text, and which tokens each of them scores.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace locus {

/// Rules by which a text becomes windows. n is the number of the text's tokens, L the context, S
/// the stride, C = L - 1 where a beginning-of-text token opens the window, else L.
///
/// - `sliding`: windows [k S, k S + C); each scores what no window before it held, so that a token
///   has at least C - S tokens of context. A short last window counts for the tokens it scores.
/// - `disjoint`: `sliding` with S = C: no token is context of another window.
/// - `llama_cpp`: the text, opened by a beginning-of-text token where the model has one, is cut
///   into n / L whole windows; their first token is replaced by the beginning-of-text token, and
///   tokens L/2 + 1 ... L - 1 are scored. What is left at the end is dropped. (`llama-perplexity`)
/// - `lm_eval`: disjoint stretches of L tokens, each predicted from the token before it and its own
///   beginning; the first is opened by a prefix token; the last, shorter one sees L tokens as well.
///   (`get_rolling_token_windows` with one token of context)
/// - `hf`: `sliding` without a beginning-of-text token, as in the perplexity guide of transformers;
///   weighted by scored tokens.
enum class Convention { sliding, disjoint, llama_cpp, lm_eval, hf };

/// `sliding`, `disjoint`, `llama.cpp`, `lm-eval`, `hf`. Throws Error for another name.
Convention parse_convention(std::string_view name);
std::string name_of(Convention convention);

/// A run of a causal model over ids [begin, end) of a text, of which [score_from, end) are scored.
/// The model is given the beginning-of-text token, where `bos`, then ids [begin, end - 1); what it
/// says after them is held against the next token, so the last is predicted and never read.
struct Window {
  int64_t begin = 0;
  int64_t end = 0;
  int64_t score_from = 0;
  bool bos = false;

  int64_t inputs() const { return end - 1 - begin + (bos ? 1 : 0); }
  int64_t scored() const { return end - score_from; }
  /// Number of tokens before token `index` in this window, the beginning-of-text token among them:
  /// its position in the window.
  int64_t context(int64_t index) const { return index - begin + (bos ? 1 : 0); }
  bool operator==(const Window&) const = default;
};

struct WindowSettings {
  Convention convention = Convention::sliding;
  int64_t context = 0;  ///< L, at least 2
  int64_t stride = 0;   ///< S of `sliding` and `hf`, 1 to C; 0: L / 2
  bool bos = false;     ///< whether the model has a beginning-of-text token (a prefix, for lm-eval)
};

/// The windows over a text of `tokens` tokens, one after the other; see `plan_windows`.
class WindowPlan {
 public:
  WindowPlan(int64_t tokens, const WindowSettings& settings);
  /// Nothing after the last one.
  std::optional<Window> next();

 private:
  std::optional<Window> next_slide();
  std::optional<Window> next_llama_cpp();
  std::optional<Window> next_lm_eval();

  int64_t tokens_;
  Convention convention_;
  bool bos_;
  int64_t capacity_;    // tokens of a window
  int64_t stride_ = 0;  // between windows
  int64_t begin_ = 0;   // of the next window
  int64_t scored_ = 0;  // tokens before it
};

/// The windows over a text of `tokens` tokens, in order. No token is scored twice. Without a
/// beginning-of-text token the first token of a window cannot be scored. A text that is too short
/// has no windows. Throws Error for a context or stride out of range, and for `lm_eval` without a
/// prefix token.
std::vector<Window> plan_windows(int64_t tokens, const WindowSettings& settings);

/// A length sweep scores the same target tokens at every context length, which removes the
/// early-token curse (Press et al. 2021, section 2.2).
struct SweepSettings {
  std::vector<int64_t> contexts;  ///< values of L, at least 2
  int64_t block = 32;  ///< B: targets that share a window; context varies from C - B to C - 1
  int64_t blocks = 0;  ///< at most so many blocks of a text, evenly spaced; 0: all
  bool bos = false;    ///< whether the model has a beginning-of-text token
};

/// For each context, the windows over one and the same set of blocks: those that have a whole
/// window of the longest context before their end. None for a text shorter than that. Throws
/// Error for a block that does not fit into the shortest context.
std::vector<std::vector<Window>> plan_sweep(int64_t tokens, const SweepSettings& settings);

}  // namespace locus
