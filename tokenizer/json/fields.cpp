// Which fields the components of a tokenizer.json must have. The reference refuses a file that
// lacks one or has another type there, where a reader with defaults would take it for something
// else.
#include <algorithm>
#include <initializer_list>
#include <limits>
#include <vector>

#include "base/error.hpp"
#include "base/json/is_text.hpp"
#include "tokenizer/json/components.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

enum class FieldKind { text, character, truth, count, id, share, scheme, direction, cutting };
enum class FieldNeed { must_be_there, may_be_absent, may_be_null };

struct Field {
  std::string_view key;
  FieldKind kind;
  FieldNeed need = FieldNeed::must_be_there;
};

struct ComponentFields {
  std::string_view type;
  std::vector<Field> fields;
};

const std::vector<Field>& byte_level_fields() {
  using enum FieldKind;
  using enum FieldNeed;
  static const std::vector<Field> fields{
      {"add_prefix_space", truth}, {"trim_offsets", truth}, {"use_regex", truth, may_be_absent}};
  return fields;
}

const std::vector<Field>& metaspace_fields() {
  using enum FieldKind;
  using enum FieldNeed;
  static const std::vector<Field> fields{{"replacement", character},
                                         {"prepend_scheme", scheme, may_be_absent},
                                         {"split", truth, may_be_null}};
  return fields;
}

struct Part {
  std::string_view name;
  std::string_view steps;  // of its Sequence
  std::vector<ComponentFields> components;
};

const std::vector<Part>& parts() {
  using enum FieldKind;
  using enum FieldNeed;
  static const std::vector<Part> all{
      {"normalizer",
       "normalizers",
       {{"BertNormalizer",
         {{"clean_text", truth}, {"handle_chinese_chars", truth}, {"lowercase", truth}}},
        {"Strip", {{"strip_left", truth}, {"strip_right", truth}}}}},
      {"pre_tokenizer",
       "pretokenizers",
       {{"ByteLevel", byte_level_fields()},
        {"Metaspace", metaspace_fields()},
        {"Punctuation", {{"behavior", text, may_be_absent}}},
        {"Digits", {{"individual_digits", truth}}},
        {"CharDelimiterSplit", {{"delimiter", character}}},
        {"Split", {{"behavior", text}, {"invert", truth}}}}},
      {"post_processor",
       "processors",
       {{"ByteLevel", byte_level_fields()},
        {"RobertaProcessing", {{"trim_offsets", truth}, {"add_prefix_space", truth}}}}},
      {"decoder",
       "decoders",
       {{"WordPiece", {{"prefix", text}, {"cleanup", truth}}},
        {"BPEDecoder", {{"suffix", text}}},
        {"ByteLevel", byte_level_fields()},
        {"Metaspace", metaspace_fields()},
        {"Strip", {{"content", character}, {"start", count}, {"stop", count}}}}}};
  return all;
}

const std::vector<ComponentFields>& models() {
  using enum FieldKind;
  using enum FieldNeed;
  static const std::vector<ComponentFields> all{
      {"WordLevel", {{"unk_token", text}}},
      {"WordPiece",
       {{"unk_token", text},
        {"continuing_subword_prefix", text},
        {"max_input_chars_per_word", count}}},
      {"BPE",
       {{"dropout", share, may_be_null},
        {"unk_token", text, may_be_null},
        {"continuing_subword_prefix", text, may_be_null},
        {"end_of_word_suffix", text, may_be_null},
        {"fuse_unk", truth, may_be_null},
        {"byte_fallback", truth, may_be_null},
        {"ignore_merges", truth, may_be_null}}},
      {"Unigram", {{"byte_fallback", truth, may_be_absent}}}};
  return all;
}

const std::vector<Field>& token_fields() {
  using enum FieldKind;
  static const std::vector<Field> fields{{"single_word", truth},
                                         {"lstrip", truth},
                                         {"rstrip", truth},
                                         {"normalized", truth},
                                         {"special", truth}};
  return fields;
}

const std::vector<Field>& truncation_fields() {
  using enum FieldKind;
  static const std::vector<Field> fields{{"direction", direction, FieldNeed::may_be_absent},
                                         {"max_length", count},
                                         {"strategy", cutting},
                                         {"stride", count}};
  return fields;
}

const std::vector<Field>& padding_fields() {
  using enum FieldKind;
  static const std::vector<Field> fields{{"direction", direction},
                                         {"pad_to_multiple_of", count, FieldNeed::may_be_null},
                                         {"pad_id", id},
                                         {"pad_type_id", id},
                                         {"pad_token", text}};
  return fields;
}

bool is_count(const Json& value) {
  return value.is_number_unsigned() || (value.is_number_integer() && value.get<int64_t>() >= 0);
}

bool is_one_of(const Json& value, std::initializer_list<std::string_view> texts) {
  return std::ranges::any_of(texts, [&](auto text) { return detail::is_text(value, text); });
}

bool is_one_character(const Json& value) {
  if (!value.is_string()) return false;
  const auto& content = value.get_ref<const std::string&>();
  return !content.empty() && code_point(content, 0).size == content.size();
}

bool is_of_kind(const Json& value, FieldKind kind) {
  using enum FieldKind;
  switch (kind) {
    case text:
      return value.is_string();
    case character:
      return is_one_character(value);
    case truth:
      return value.is_boolean();
    case count:
      return is_count(value);
    case id:
      return is_count(value) && value.get<uint64_t>() <= std::numeric_limits<uint32_t>::max();
    case scheme:
      return is_one_of(value, {"always", "first", "never"});
    case direction:
      return is_one_of(value, {"Left", "Right"});
    case cutting:
      return is_one_of(value, {"LongestFirst", "OnlyFirst", "OnlySecond"});
    case share:
      return value.is_number() && value.get<double>() >= 0 && value.get<double>() <= 1;
  }
  return false;
}

std::string_view name_of(FieldKind kind) {
  constexpr std::string_view names[] = {"a string",
                                        "one character",
                                        "true or false",
                                        "a number from 0 on",
                                        "an id",
                                        "0 to 1",
                                        "'always', 'first' or 'never'",
                                        "'Left' or 'Right'",
                                        "'LongestFirst', 'OnlyFirst' or 'OnlySecond'"};
  return names[static_cast<std::size_t>(kind)];
}

void expect_fields_of(const std::string& who, const Json& component,
                      const std::vector<Field>& fields) {
  for (const auto& [key, kind, need] : fields) {
    const auto found = component.find(key);
    if (found == component.end()) {
      if (need != FieldNeed::must_be_there) continue;
      throw Error(who + "." + std::string(key), name_of(kind), "nothing");
    }
    if (is_of_kind(*found, kind) || (need == FieldNeed::may_be_null && found->is_null())) continue;
    throw Error(who + "." + std::string(key), name_of(kind), describe(*found));
  }
}

void expect_fields_of(const std::string& type, const Json& component,
                      const std::vector<ComponentFields>& all) {
  const auto known = std::ranges::find(all, type, &ComponentFields::type);
  if (known != all.end()) expect_fields_of(type, component, known->fields);
}

void expect_strings(const std::string& who, const Json& list) {
  if (!list.is_array()) throw Error(who, "a list of strings", describe(list));
  for (const Json& each : list) {
    if (!each.is_string()) throw Error(who, "a list of strings", describe(each));
  }
}

// The special tokens of a template, and those of BERT's and RoBERTa's processors.
void expect_special_tokens(const Json& processor) {
  for (const char* end : {"sep", "cls"}) {
    const Json& pair = value_or_null(processor, end);
    if (pair.is_array() && !pair.empty() && !pair[0].is_string()) {
      throw Error(end, "a token and its id", describe(pair[0]));
    }
  }
  const Json& tokens = value_or_null(processor, "special_tokens");
  if (!tokens.is_object()) return;
  for (const auto& [name, token] : tokens.items()) {
    const std::string who = "special token '" + name + "'";
    string_at(token, "id");
    array_at(token, "ids");
    expect_strings(who, value_or_null(token, "tokens"));
  }
}

void expect_steps(const Json& component, const Part& part) {
  const Json& type = value_or_null(component, "type");
  if (!type.is_string()) return;  // refused by its reader
  if (detail::is_text(type, "Sequence")) {
    for (const Json& step : value_or_null(component, part.steps)) {
      if (step.is_null()) throw Error(part.steps, "components", "null");
      expect_steps(step, part);
    }
  } else {
    if (part.name == "post_processor") expect_special_tokens(component);
    expect_fields_of(type.get<std::string>(), component, part.components);
  }
}

void expect_added_tokens(const Json& tokens, Watch& watch) {
  for (const Json& token : tokens) {
    watch.spend(Watch::bytes_per_token);
    const std::string who = "added token '" + string_at(token, "content") + "'";
    checked_id(value_or_null(token, "id"), who);
    expect_fields_of(who, token, token_fields());
  }
}

bool is_strategy(const Json& strategy) {
  return detail::is_text(strategy, "BatchLongest") || is_count(value_or_null(strategy, "Fixed"));
}

// How texts are cut and padded: an object, or null.
void expect_settings(const Json& document, const std::string& key,
                     const std::vector<Field>& fields) {
  const Json& settings = value_or_null(document, key);
  if (settings.is_null()) return;
  if (!settings.is_object()) throw Error(key, "an object", describe(settings));
  expect_fields_of(key, settings, fields);
  const Json& strategy = value_or_null(settings, "strategy");
  if (key == "padding" && !is_strategy(strategy)) {
    throw Error("padding.strategy", "'BatchLongest' or a fixed length", describe(strategy));
  }
}

}  // namespace

void expect_fields(const Json& document, Watch& watch) {
  if (document.contains("version") && !detail::is_text(document["version"], "1.0")) {
    throw Error("version", "'1.0'", describe(document["version"]));
  }
  const bool lists_tokens = document.contains("added_tokens");
  if (lists_tokens && !document["added_tokens"].is_array()) {
    throw Error("added_tokens", "an array", describe(document["added_tokens"]));
  }
  const Json& model = value_or_null(document, "model");
  if (model.is_object()) expect_fields_of(model_type_of(model), model, models());
  for (const Part& part : parts()) expect_steps(value_or_null(document, part.name), part);
  expect_added_tokens(value_or_null(document, "added_tokens"), watch);
  expect_settings(document, "truncation", truncation_fields());
  expect_settings(document, "padding", padding_fields());
}

}  // namespace locus::tokenization
