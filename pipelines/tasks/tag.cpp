#include "models/tag.hpp"
#include "base/error.hpp"

#include "pipelines/tasks/tasks.hpp"

namespace locus::pipelines {
namespace {

/// The bytes that tokens first ... last are from.
Span span_of(const EncodedText& encoding, int64_t first, int64_t last) {
  const auto bytes = [&](int64_t token) {
    return encoding.offsets[static_cast<size_t>(token)].value_or(Span{});
  };
  return {bytes(first).begin, bytes(last).end};
}

/// Tokens of the text alone, without what the tokenizer added.
std::vector<TaggedToken> tokens_of(const EncodedText& encoding,
                                   const std::vector<std::vector<double>>& probabilities) {
  std::vector<TaggedToken> tokens;
  for (size_t token = 0; token < encoding.ids.size(); ++token) {
    if (encoding.special[token] != 0) continue;
    tokens.push_back({static_cast<int64_t>(token), encoding.words[token], probabilities[token]});
  }
  return tokens;
}

}  // namespace

std::vector<TaggedText> tag(State& state, std::string_view text, Aggregation aggregation) {
  check_text("text", text);
  const EncodedText encoding = encode_for_model(state.opened_tokenizer(), text, state.encoding());
  state.take("text", encoding.ids);
  const auto probabilities = label_probabilities(state.session, {encoding.ids, encoding.type_ids});
  std::vector<TaggedText> tagged;
  for (const Entity& entity :
       find_entities(tokens_of(encoding, probabilities), state.model->labels(), aggregation)) {
    const Span bytes = span_of(encoding, entity.first, entity.last);
    tagged.push_back({entity.label, entity.probability, bytes,
                      std::string(text.substr(bytes.begin, bytes.end - bytes.begin))});
  }
  return tagged;
}

std::vector<ReplacedToken> find_replaced(State& state, std::string_view text) {
  check_text("text", text);
  const EncodedText encoding = encode_for_model(state.opened_tokenizer(), text, state.encoding());
  state.take("text", encoding.ids);
  const auto probabilities =
      replaced_probabilities(state.session, {encoding.ids, encoding.type_ids});
  std::vector<ReplacedToken> tokens;
  for (size_t token = 0; token < encoding.ids.size(); ++token) {
    if (encoding.special[token] != 0) continue;
    tokens.push_back({encoding.ids[token], encoding.tokens[token],
                      encoding.offsets[token].value_or(Span{}), probabilities[token]});
  }
  return tokens;
}

}  // namespace locus::pipelines
