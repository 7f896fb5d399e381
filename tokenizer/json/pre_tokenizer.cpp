#include "base/error.hpp"
#include "tokenizer/json/components.hpp"
#include "tokenizer/text/older_unicode.hpp"
#include "tokenizer/text/unicode.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

bool is_any_punctuation(char32_t c) {
  return is_ascii_punctuation(c) || older_unicode::is_punctuation(c);
}

Delimiter delimiter_from(const Json& json, std::string_view fallback) {
  const std::string name = string_or(json, "behavior", fallback);
  if (name == "Removed") return Delimiter::removed;
  if (name == "Isolated") return Delimiter::isolated;
  if (name == "MergedWithPrevious") return Delimiter::merged_with_previous;
  if (name == "MergedWithNext") return Delimiter::merged_with_next;
  if (name == "Contiguous") return Delimiter::contiguous;
  fail_unknown("behavior", name);
}

MetaspaceOptions::Prefix prefix_from(const Json& json) {
  using Prefix = MetaspaceOptions::Prefix;
  // Older files say add_prefix_space.
  const bool added = bool_or(json, "add_prefix_space", true);
  const std::string name = string_or(json, "prepend_scheme", added ? "always" : "never");
  if (name == "always") return Prefix::always;
  if (name == "first") return Prefix::first;
  if (name == "never") return Prefix::never;
  fail_unknown("prepend_scheme", name);
}

PreTokenizerPointer read_metaspace_splitter(const Json& json) {
  MetaspaceOptions options;
  options.replacement = string_or(json, "replacement", options.replacement);
  options.prefix = prefix_from(json);
  options.split = bool_or(json, "split", true);
  return metaspace_pre_tokenizer(std::move(options));
}

PreTokenizerPointer byte_level_from(const Json& json) {
  std::vector<PreTokenizerPointer> steps;
  if (bool_or(json, "add_prefix_space", true)) steps.push_back(prefix_space_pre_tokenizer());
  if (bool_or(json, "use_regex", true)) steps.push_back(gpt2_pre_tokenizer());
  return pre_tokenizer_sequence(std::move(steps));
}

PreTokenizerPointer split_from(const Json& json) {
  const Delimiter delimiter = delimiter_from(json, "Removed");
  return bool_or(json, "invert", false)
             ? inverted_split_pre_tokenizer(pattern_from(json), delimiter)
             : split_pre_tokenizer(pattern_from(json), delimiter);
}

PreTokenizerPointer read_splitter_sequence(const Json& json) {
  std::vector<PreTokenizerPointer> steps;
  const Json& parts = array_at(json, "pretokenizers");
  for (const Json& part : parts) {
    if (is_byte_level(part) && &part != &parts.back()) {
      throw Error("pre_tokenizer", "ByteLevel as the last step", "a step after it");
    }
    steps.push_back(pre_tokenizer_from(part));
  }
  return pre_tokenizer_sequence(std::move(steps));
}

}  // namespace

bool is_byte_level(const Json& pre_tokenizer) {
  if (pre_tokenizer.is_null()) return false;
  const std::string type = string_at(pre_tokenizer, "type");
  if (type != "Sequence") return type == "ByteLevel";
  const Json& parts = array_at(pre_tokenizer, "pretokenizers");
  return !parts.empty() && is_byte_level(parts.back());
}

PreTokenizerPointer pre_tokenizer_from(const Json& json) {
  const std::string type = string_at(json, "type");
  if (type == "BertPreTokenizer") return bert_pre_tokenizer();
  if (type == "ByteLevel") return byte_level_from(json);
  if (type == "Metaspace") return read_metaspace_splitter(json);
  if (type == "Sequence") return read_splitter_sequence(json);
  if (type == "Split") return split_from(json);
  if (type == "Whitespace") return whitespace_pre_tokenizer();
  if (type == "WhitespaceSplit")
    return class_split_pre_tokenizer(is_white_space, Delimiter::removed);
  if (type == "Punctuation") {
    return class_split_pre_tokenizer(is_any_punctuation, delimiter_from(json, "Isolated"));
  }
  if (type == "Digits") {
    const bool each = bool_or(json, "individual_digits", false);
    return class_split_pre_tokenizer(is_number, each ? Delimiter::isolated : Delimiter::contiguous);
  }
  if (type == "CharDelimiterSplit") {
    return split_pre_tokenizer(Pattern(string_at(json, "delimiter")), Delimiter::removed);
  }
  fail_unknown("pre_tokenizer", type);
}

}  // namespace locus::tokenization
