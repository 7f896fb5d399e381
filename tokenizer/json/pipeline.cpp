#include "base/error.hpp"
#include "tokenizer/json/components.hpp"

namespace locus::tokenization {
namespace {

AddedToken added_token_from(const Json& json) {
  AddedToken token;
  constexpr std::size_t max_bytes = 4096;  // each place of a text is compared with whole tokens
  token.content = string_at(json, "content");
  if (token.content.size() > max_bytes) {
    throw Error("added token '" + token.content.substr(0, 40) + "...'",
                "at most " + std::to_string(max_bytes) + " bytes",
                std::to_string(token.content.size()));
  }
  token.id = static_cast<int32_t>(integer_or(json, "id", -1));
  if (token.id < 0) throw Error("added token '" + token.content + "'", "an id", describe(json));
  token.single_word = bool_or(json, "single_word", false);
  token.takes_space_before = bool_or(json, "lstrip", false);
  token.takes_space_after = bool_or(json, "rstrip", false);
  token.normalized = bool_or(json, "normalized", true);
  token.special = bool_or(json, "special", false);
  return token;
}

}  // namespace

void fail_unknown(std::string_view component, const std::string& type) {
  throw Error(component, "a type that Locus knows", "'" + type + "'");
}

Pattern pattern_from(const Json& json) {
  const Json& pattern = object_at(json, "pattern");
  if (pattern.contains("String")) return Pattern(string_at(pattern, "String"));
  return Pattern::of_expression(string_at(pattern, "Regex"));
}

std::vector<AddedToken> added_tokens_from(const Json& json) {
  std::vector<AddedToken> tokens;
  if (json.is_null()) return tokens;
  if (!json.is_array()) throw Error("added_tokens", "an array", describe(json));
  for (const Json& token : json) tokens.push_back(added_token_from(token));
  return tokens;
}

bool cuts_left_from(const Json& truncation) {
  const std::string direction = string_or(truncation, "direction", "Right");
  if (direction != "Left" && direction != "Right") fail_unknown("truncation.direction", direction);
  return direction == "Left";
}

std::unique_ptr<Pipeline> pipeline_from(const Json& document) {
  auto pipeline = std::make_unique<Pipeline>();
  const Json& normalizer = value_or_null(document, "normalizer");
  const Json& pre_tokenizer = value_or_null(document, "pre_tokenizer");
  if (!normalizer.is_null()) pipeline->normalizer = normalizer_from(normalizer);
  if (!pre_tokenizer.is_null()) pipeline->pre_tokenizer = pre_tokenizer_from(pre_tokenizer);
  auto [vocabulary, model] =
      model_from(value_or_null(document, "model"), is_byte_level(pre_tokenizer));
  pipeline->vocabulary = std::move(vocabulary);
  pipeline->model = std::move(model);
  pipeline->added = AddedTokens(added_tokens_from(value_or_null(document, "added_tokens")),
                                pipeline->normalizer.get());
  pipeline->post_processing = post_processing_from(value_or_null(document, "post_processor"));
  pipeline->decoder = decoder_from(value_or_null(document, "decoder"));
  pipeline->cuts_left = cuts_left_from(value_or_null(document, "truncation"));
  pipeline->word_end = string_or(value_or_null(document, "model"), "end_of_word_suffix", "");
  return pipeline;
}

}  // namespace locus::tokenization
