// Where a text answers a question.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../engine/session.hpp"

namespace locus {

/// A question and a text as the tokenizer joins them. The text's tokens are [begin, end); the
/// tokens around them are read with every window of the text.
struct AskedText {
  std::span<const int32_t> ids;
  std::span<const int32_t> type_ids;  ///< as many
  int64_t begin = 0;
  int64_t end = 0;
};

struct AnswerSettings {
  int64_t window = 384;     ///< tokens that are read at a time, question included
  int64_t overlap = 128;    ///< tokens of the text that two windows share; at most half of its part
  int64_t max_length = 15;  ///< greatest length of an answer, in tokens
  int64_t top = 1;          ///< answers to return
};

/// Tokens [first, last] of the pair.
struct Answer {
  int64_t first = 0;
  int64_t last = 0;
  double score = 0;        ///< the logit of its start and that of its end
  double probability = 0;  ///< among all starts and ends of its window, and there being none
};

struct Answers {
  /// Best score first, each span once. Windows compete by logits, as in SQuAD's evaluation;
  /// transformers' pipeline lets probabilities within a window compete with those of another.
  std::vector<Answer> best;
  /// The score of there being no answer (start and end at the first token): the lowest of all
  /// windows.
  double none = 0;
  int64_t windows = 0;
};

/// The parts of a text that are read one after the other, as tokens [begin, end) of the pair.
/// Throws Error where a question leaves no room.
std::vector<Range> plan_answer_windows(const AskedText& asked, const AnswerSettings& settings);

/// The best spans of the text: none begins or ends in the question, none ends before it begins.
/// Throws Error for a graph that does not find answers and for logits that are not finite.
Answers find_answers(Session& session, const AskedText& asked, const AnswerSettings& settings);

}  // namespace locus
