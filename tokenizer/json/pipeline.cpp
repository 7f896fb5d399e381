#include "base/error.hpp"
#include "base/json/is_text.hpp"
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
  token.id = checked_id(value_or_null(json, "id"), "added token '" + token.content + "'");
  token.single_word = bool_or(json, "single_word", false);
  token.takes_space_before = bool_or(json, "lstrip", false);
  token.takes_space_after = bool_or(json, "rstrip", false);
  token.normalized = bool_or(json, "normalized", true);
  token.special = bool_or(json, "special", false);
  return token;
}

// Each goes through a whole text: the work is the product of both.
int64_t steps_of(const Json& component, std::string_view key) {
  if (!component.is_object() || !detail::is_text(value_or_null(component, "type"), "Sequence"))
    return 1;
  int64_t steps = 0;
  for (const Json& part : value_or_null(component, key)) steps += steps_of(part, key);
  return steps;
}

/// The component of that name, or null; `key` is the one of its parts where it is a Sequence.
const Json& component_of(const Json& document, std::string_view name, std::string_view key) {
  constexpr int64_t max_steps = 64;
  const Json& component = value_or_null(document, name);
  const int64_t steps = steps_of(component, key);
  if (steps <= max_steps) return component;
  throw Error(name, "at most " + std::to_string(max_steps) + " steps", std::to_string(steps));
}

}  // namespace

void fail_unknown(std::string_view component, const std::string& type) {
  throw Error(component, "a type that Locus knows", "'" + type + "'");
}

Pattern pattern_from(const Json& json) {
  const Json& pattern = object_at(json, "pattern");
  if (pattern.contains("String")) {
    const std::string text = string_at(pattern, "String");
    if (text.empty()) throw Error("pattern", "a text of one character or more", "''");
    return Pattern(text);
  }
  return Pattern::of_expression(string_at(pattern, "Regex"));
}

std::vector<AddedToken> added_tokens_from(const Json& json, Watch& watch) {
  std::vector<AddedToken> tokens;
  if (json.is_null()) return tokens;
  if (!json.is_array()) throw Error("added_tokens", "an array", describe(json));
  for (const Json& token : json) {
    watch.spend(Watch::bytes_per_token);
    tokens.push_back(added_token_from(token));
  }
  return tokens;
}

bool cuts_left_from(const Json& truncation) {
  const std::string direction = string_or(truncation, "direction", "Right");
  if (direction != "Left" && direction != "Right") fail_unknown("truncation.direction", direction);
  return direction == "Left";
}

std::unique_ptr<Pipeline> pipeline_from(const Json& document, Watch& watch) {
  auto pipeline = std::make_unique<Pipeline>();
  const Json& normalizer = component_of(document, "normalizer", "normalizers");
  const Json& pre_tokenizer = component_of(document, "pre_tokenizer", "pretokenizers");
  if (!normalizer.is_null()) pipeline->normalizer = normalizer_from(normalizer);
  if (!pre_tokenizer.is_null()) pipeline->pre_tokenizer = pre_tokenizer_from(pre_tokenizer);
  auto [vocabulary, model] =
      model_from(value_or_null(document, "model"), is_byte_level(pre_tokenizer), watch);
  pipeline->vocabulary = std::move(vocabulary);
  pipeline->model = std::move(model);
  pipeline->added = AddedTokens(added_tokens_from(value_or_null(document, "added_tokens"), watch),
                                pipeline->normalizer.get(), watch);
  pipeline->post_processing = post_processing_from(value_or_null(document, "post_processor"));
  pipeline->decoder = decoder_from(component_of(document, "decoder", "decoders"));
  pipeline->cuts_left = cuts_left_from(value_or_null(document, "truncation"));
  pipeline->word_end = string_or(value_or_null(document, "model"), "end_of_word_suffix", "");
  return pipeline;
}

}  // namespace locus::tokenization
