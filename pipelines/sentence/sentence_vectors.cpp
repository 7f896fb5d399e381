#include "pipelines/sentence/sentence_vectors.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "base/error.hpp"
#include "pipelines/model_input.hpp"
#include "pipelines/text/lower_case.hpp"

namespace locus::pipelines {
namespace {

/// How many leading tokens of a text are its prompt's: those of the prompt alone, less a special
/// token at their end.
int64_t tokens_of_prompt(const Tokenizer& tokenizer, const std::string& prompt) {
  if (prompt.empty()) return 0;
  const EncodedText encoding = tokenizer.encode(prompt);
  auto count = static_cast<int64_t>(encoding.ids.size());
  if (count > 0 && tokenizer.is_special(encoding.ids.back())) --count;
  return count;
}

/// Leaves the largest values and makes the others 0.
void keep_largest(std::vector<float>& values, int64_t count) {
  if (count >= static_cast<int64_t>(values.size())) return;
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater(),
                           [&](size_t index) { return std::abs(values[index]); });
  for (auto i = static_cast<size_t>(count); i < order.size(); ++i) values[order[i]] = 0;
}

}  // namespace

SentenceReader::SentenceReader(const Tokenizer* tokenizer, const SentenceRules& rules,
                               SentenceWishes wishes, int64_t longest)
    : tokenizer_(tokenizer),
      rules_(rules),
      wishes_(std::move(wishes)),
      prompt_(wishes_.prompt_text ? *wishes_.prompt_text : prompt_of(rules, wishes_.prompt)) {
  if (!wishes_.pooling && !rules_.unpooled.empty()) {
    throw Error(rules_.unpooled, "a Pooling among the modules, or a pooling that is asked for",
                "none");
  }
  if (wishes_.dimension && *wishes_.dimension < 1) {
    throw Error("dimension", "1 or more", std::to_string(*wishes_.dimension));
  }
  if (wishes_.dimension && by_token()) {
    throw Error("dimension", "none for vectors of tokens", std::to_string(*wishes_.dimension));
  }
  wishes_.encoding.max_length = std::min(longest, rules.max_length.value_or(longest));
}

SentenceText SentenceReader::read(const std::string& who, const std::string& text) const {
  if (!text.empty()) check_text(who, text);
  const std::string prompted = prompt_ + text;
  EncodedText encoding = encode_for_model(
      *tokenizer_, rules_.lower_case ? lower_case(prompted) : prompted, wishes_.encoding);
  if (encoding.ids.empty()) {
    throw Error(who, "a text of at least one token", "none");
  }
  return {std::move(encoding.ids), std::move(encoding.type_ids), encoding.truncated};
}

EmbedSettings SentenceReader::pooling_settings() const {
  EmbedSettings settings;
  settings.poolings = wishes_.pooling ? std::vector{*wishes_.pooling} : rules_.poolings;
  if (!rules_.of_tokens.empty()) {
    settings.of_token = [this](std::vector<float> vector) {
      for (const VectorModule& module : rules_.of_tokens) vector = module(std::move(vector));
      return vector;
    };
  }
  if (!rules_.pools_prompt && tokenizer_) settings.skipped = tokens_of_prompt(*tokenizer_, prompt_);
  return settings;
}

std::string SentenceReader::pooling_name() const {
  if (rules_.sparse && !wishes_.pooling) return "splade";
  std::string names;
  for (const Pooling pooling : pooling_settings().poolings) {
    names += (names.empty() ? "" : "+") + to_string(pooling);
  }
  return names;
}

std::vector<Embedding> SentenceReader::pooled(Session& session,
                                              std::span<const Sequence> texts) const {
  if (rules_.sparse && !wishes_.pooling) {
    std::vector<Embedding> embeddings = embed_sparse(session, texts, *rules_.sparse);
    for (Embedding& each : embeddings) {
      if (rules_.max_terms) keep_largest(each.values, *rules_.max_terms);
    }
    return embeddings;
  }
  return locus::embed(session, texts, pooling_settings());
}

void SentenceReader::finish(Embedding& embedding) const {
  if (!wishes_.pooling) {
    for (const VectorModule& module : rules_.modules) {
      embedding.values = module(std::move(embedding.values));
    }
    embedding.width = static_cast<int64_t>(embedding.values.size());
  }
  if (wishes_.dimension.value_or(0) > embedding.width) {
    throw Error("dimension", "at most the " + std::to_string(embedding.width) + " of the vectors",
                std::to_string(*wishes_.dimension));
  }
  const auto wished = wishes_.dimension ? wishes_.dimension : rules_.dimension;
  if (wished && !by_token() && *wished < embedding.width) {
    embedding.width = *wished;
    embedding.values.resize(static_cast<size_t>(*wished));
  }
  if (!wishes_.normalize && !(wishes_.pooling && rules_.normalizes)) return;
  const auto width = static_cast<size_t>(embedding.width);
  for (size_t begin = 0; begin < embedding.values.size(); begin += width) {
    scale_to(std::span(embedding.values).subspan(begin, width), 1);
  }
}

std::vector<Embedding> SentenceReader::embed(Session& session,
                                             std::span<const Sequence> texts) const {
  std::vector<Embedding> embeddings = pooled(session, texts);
  for (Embedding& embedding : embeddings) finish(embedding);
  return embeddings;
}

}  // namespace locus::pipelines
