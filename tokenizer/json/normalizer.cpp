#include "tokenizer/json/components.hpp"
#include "tokenizer/text/base64.hpp"

namespace locus::tokenization {
namespace {

NormalizerPointer bert_from(const Json& json) {
  BertNormalization options;
  options.clean_text = bool_or(json, "clean_text", true);
  options.handle_chinese_chars = bool_or(json, "handle_chinese_chars", true);
  options.lowercase = bool_or(json, "lowercase", true);
  options.strip_accents = bool_or(json, "strip_accents", options.lowercase);
  return bert_normalizer(options);
}

NormalizerPointer read_strip(const Json& json) {
  const bool left = bool_or(json, "strip_left", true), right = bool_or(json, "strip_right", true);
  if (left && right) return strip_normalizer(Sides::both);
  if (left || right) return strip_normalizer(left ? Sides::left : Sides::right);
  return strip_normalizer(Sides::none);
}

NormalizerPointer read_normalizer_sequence(const Json& json) {
  std::vector<NormalizerPointer> steps;
  for (const Json& step : array_at(json, "normalizers")) steps.push_back(normalizer_from(step));
  return normalizer_sequence(std::move(steps));
}

}  // namespace

NormalizerPointer normalizer_from(const Json& json) {
  const std::string type = string_at(json, "type");
  if (type == "BertNormalizer") return bert_from(json);
  if (type == "Sequence") return read_normalizer_sequence(json);
  if (type == "NFC") return unicode_normalizer(UnicodeForm::nfc);
  if (type == "NFD") return unicode_normalizer(UnicodeForm::nfd);
  if (type == "NFKC") return unicode_normalizer(UnicodeForm::nfkc);
  if (type == "NFKD") return unicode_normalizer(UnicodeForm::nfkd);
  if (type == "Lowercase") return lowercase_normalizer();
  if (type == "StripAccents") return strip_accents_normalizer();
  if (type == "Nmt") return nmt_normalizer();
  if (type == "ByteLevel") return byte_level_normalizer();
  if (type == "Strip") return read_strip(json);
  if (type == "Prepend") return prepend_normalizer(string_at(json, "prepend"));
  if (type == "Replace") {
    return replace_normalizer(pattern_from(json), string_at(json, "content"));
  }
  if (type == "Precompiled") {
    const std::string map = decoded_base64(string_or(json, "precompiled_charsmap", ""));
    return map.empty() ? normalizer_sequence({}) : character_map_normalizer(map);
  }
  fail_unknown("normalizer", type);
}

}  // namespace locus::tokenization
