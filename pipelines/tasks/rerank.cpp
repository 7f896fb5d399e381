#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "models/shifted_text.hpp"
#include "pipelines/sentence/activations.hpp"
#include "pipelines/tasks/tasks.hpp"

namespace locus::pipelines {
namespace {

constexpr size_t pairs_at_once = 32;

void expect_scores(const Model& model, const SentenceRules& rules) {
  const std::string& task = model.spec().task;
  const bool classifies = task == "sequence-classification" || task == "sequence-regression";
  if (classifies && model.spec().outputs.contains("logits")) return;
  if (rules.answers && task == "causal-lm") return;
  throw Error("rerank", "a model that classifies pairs of texts", task);
}

/// By a model of one class.
std::vector<float> class_scores(Session& session, std::span<const Sequence> pairs) {
  read_texts(session, pairs);
  const ConstView logits = session.output("logits");  // [pairs, classes]
  if (logits.size(1) != 1) {
    throw Error("rerank", "a model of one class", std::to_string(logits.size(1)) + " classes");
  }
  std::vector<float> scores;
  for (int64_t i = 0; i < logits.size(0); ++i) scores.push_back(logits(i, 0));
  return scores;
}

/// By what a language model would answer after each pair.
std::vector<float> answer_scores(Session& session, std::span<const Sequence> pairs,
                                 const AnswerTokens& answers) {
  const int64_t vocabulary = session.graph().vocabulary();
  const int64_t largest = std::max(answers.yes, answers.no.value_or(0));
  if (largest >= vocabulary) {
    throw Error("LogitScore", "ids below " + std::to_string(vocabulary), std::to_string(largest));
  }
  session.encode(pairs);
  std::vector<int64_t> rows;  // the last of each pair
  for (int64_t end = 0; const Sequence& pair : pairs) {
    end += static_cast<int64_t>(pair.ids.size());
    rows.push_back(end - 1);
  }
  const ConstView logits = session.logits(rows);  // [pairs, vocabulary]
  std::vector<float> scores;
  for (int64_t i = 0; i < logits.size(0); ++i) {
    scores.push_back(logits(i, answers.yes) - (answers.no ? logits(i, *answers.no) : 0));
  }
  return scores;
}

/// A sigmoid where the folder says nothing, as sentence-transformers has it for
/// one class.
Activation score_of(const SentenceRules& rules) {
  const std::string name = rules.score_activation.empty() ? "torch.nn.modules.activation.Sigmoid"
                                                          : rules.score_activation;
  return activation_of("the folder's activation", name, {});
}

int64_t max_length_of(const SentenceRules& rules, const Model& model) {
  const int64_t longest = default_length(model);
  return std::min(longest, rules.max_length.value_or(longest));
}

struct AskedPair {
  std::string_view query, document;
};

EncodedText read_pair(const Tokenizer& tokenizer, const SentenceRules& rules, const AskedPair& pair,
                      const EncodeOptions& options) {
  if (!rules.chat) return encode_pair_for_model(tokenizer, pair.query, pair.document, options);
  EncodedText encoding;
  encoding.ids = chat_ids(
      *rules.chat, tokenizer,
      {rules.default_prompt.value_or(""), std::string(pair.query), std::string(pair.document)},
      options);
  return encoding;
}

}  // namespace

std::vector<RankedDocument> rerank(State& state, std::string_view query,
                                   std::span<const std::string> documents) {
  const auto& rules = state.sentence_rules();
  expect_scores(*state.model, rules);
  check_text("query", query);
  if (documents.empty()) throw Error("rerank", "at least one document", "none");
  if (!rules.chat && rules.default_prompt && !rules.default_prompt->empty()) {
    throw Error("rerank", "a folder without a default prompt", "one");
  }
  const auto activation = score_of(rules);
  EncodeOptions options = state.encoding();
  options.max_length = max_length_of(rules, *state.model);
  std::vector<RankedDocument> ranked;
  for (size_t first = 0; first < documents.size(); first += pairs_at_once) {
    std::vector<EncodedText> pairs;
    for (const auto& document :
         documents.subspan(first, std::min(pairs_at_once, documents.size() - first))) {
      state.check();
      if (!document.empty()) check_text("document", document);
      pairs.push_back(read_pair(state.opened_tokenizer(), rules, {query, document}, options));
      state.take("document", pairs.back().ids);
    }
    std::vector<Sequence> sequences;
    sequences.reserve(pairs.size());
    for (const auto& pair : pairs) sequences.push_back({pair.ids, pair.type_ids});
    std::vector<float> scores = rules.answers
                                    ? answer_scores(state.session, sequences, *rules.answers)
                                    : class_scores(state.session, sequences);
    for (size_t i = 0; i < scores.size(); ++i) {
      if (!std::isfinite(scores[i])) {
        throw Error("rerank", "finite logits", std::to_string(scores[i]));
      }
      activation({&scores[i], 1});
      ranked.push_back({static_cast<int64_t>(first + i), scores[i]});
    }
  }
  std::ranges::stable_sort(ranked, std::ranges::greater(), &RankedDocument::score);
  return ranked;
}

}  // namespace locus::pipelines
