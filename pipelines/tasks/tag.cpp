#include "models/tag.hpp"
#include "base/error.hpp"
#include "base/float_environment.hpp"

#include "pipelines/tasks/pipeline_state.hpp"

namespace locus {
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

std::vector<TaggedText> Pipeline::tag(std::string_view text, Aggregation aggregation) try {
  const DefaultFloats floats;
  const Turn turn(*this);
  check_text("text", text);
  const EncodedText encoding =
      encode_for_model(state_->opened_tokenizer(), text, state_->encoding());
  state_->take("text", encoding.ids);
  const auto probabilities = label_probabilities(session(), {encoding.ids, encoding.type_ids});
  std::vector<TaggedText> tagged;
  for (const Entity& entity :
       find_entities(tokens_of(encoding, probabilities), model().labels(), aggregation)) {
    const Span bytes = span_of(encoding, entity.first, entity.last);
    tagged.push_back({entity.label, entity.probability, bytes,
                      std::string(text.substr(bytes.begin, bytes.end - bytes.begin))});
  }
  return tagged;
} catch (...) {
  throw_as_error("tag");
}

std::vector<ReplacedToken> Pipeline::find_replaced(std::string_view text) try {
  const DefaultFloats floats;
  const Turn turn(*this);
  check_text("text", text);
  const EncodedText encoding =
      encode_for_model(state_->opened_tokenizer(), text, state_->encoding());
  state_->take("text", encoding.ids);
  const auto probabilities = replaced_probabilities(session(), {encoding.ids, encoding.type_ids});
  std::vector<ReplacedToken> tokens;
  for (size_t token = 0; token < encoding.ids.size(); ++token) {
    if (encoding.special[token] != 0) continue;
    tokens.push_back({encoding.ids[token], encoding.tokens[token],
                      encoding.offsets[token].value_or(Span{}), probabilities[token]});
  }
  return tokens;
} catch (...) {
  throw_as_error("find_replaced");
}

}  // namespace locus
