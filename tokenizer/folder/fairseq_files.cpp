// SentencePiece models with fairseq's ids: special tokens first, the model's own three left out,
// languages and the mask last.
#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "tokenizer/folder/class_rules.hpp"
#include "tokenizer/folder/sentencepiece_conversion.hpp"

namespace locus::tokenization {
namespace {

// mBART has the first 25, mBART-50 all (transformers, `FAIRSEQ_LANGUAGE_CODES`).
constexpr std::array<const char*, 52> languages = {
    "ar_AR", "cs_CZ", "de_DE", "en_XX", "es_XX", "et_EE", "fi_FI", "fr_XX", "gu_IN",
    "hi_IN", "it_IT", "ja_XX", "kk_KZ", "ko_KR", "lt_LT", "lv_LV", "my_MM", "ne_NP",
    "nl_XX", "ro_RO", "ru_RU", "si_LK", "tr_TR", "vi_VN", "zh_CN", "af_ZA", "az_AZ",
    "bn_IN", "fa_IR", "he_IL", "hr_HR", "id_ID", "ka_GE", "km_KH", "mk_MK", "ml_IN",
    "mn_MN", "mr_IN", "pl_PL", "ps_AF", "pt_XX", "sv_SE", "sw_KE", "ta_IN", "te_IN",
    "th_TH", "tl_XX", "uk_UA", "ur_PK", "xh_ZA", "gl_ES", "sl_SI"};
constexpr std::size_t first_languages = 25;

Conversion fairseq_conversion(const Source& source, std::size_t language_count) {
  Conversion conversion(source);
  conversion.unknown_id = 3;
  for (const char* token : {"<s>", "<pad>", "</s>", "<unk>"}) conversion.add(token, 0);
  conversion.add_pieces(3);
  for (std::size_t i = 0; i < language_count; ++i) conversion.add(languages[i], 0);
  conversion.add("<mask>", 0);
  return conversion;
}

std::string source_language(const Source& source) {
  std::string language = source.settings.text("src_lang", "en_XX");
  if (language.empty()) throw Error("tgt_lang", "the language of target texts", "none");
  return language;
}

bool holds_token(const std::vector<Json>& tokens, const Json& wanted) {
  return std::any_of(tokens.begin(), tokens.end(), [&](const Json& token) {
    return token == wanted || value_or_null(token, "content") == wanted;
  });
}

std::vector<Json> language_tokens(std::size_t count) {
  return {languages.begin(), languages.begin() + static_cast<std::ptrdiff_t>(count)};
}

Json read_xlm_roberta_file(const Source& source) {
  Json document = default_document(fairseq_conversion(source, 0), "always");
  document["post_processor"] = fairseq_template();
  return document;
}

// The model's own <unk> keeps a place of its own, made improbable.
Json read_camembert_file(const Source& source) {
  Conversion conversion(source);
  conversion.unknown_id = 3;
  for (const char* token : {"<s>NOTUSED", "<pad>", "</s>NOTUSED", "<unk>"}) {
    conversion.add(token, 0);
  }
  conversion.add("<unk>NOTUSED", -100);
  conversion.add_pieces(1);
  conversion.add("<mask>", 0);
  Json document = default_document(conversion, "always");
  document["post_processor"] = fairseq_template();
  return document;
}

Json read_mbart_file(const Source& source) {
  return default_document(fairseq_conversion(source, first_languages), "always");
}

Json read_mbart50_file(const Source& source) {
  return default_document(fairseq_conversion(source, languages.size()), "always");
}

}  // namespace

const OlderFiles xlm_roberta_file{has_sentencepiece_file, read_xlm_roberta_file};
const OlderFiles camembert_file{has_sentencepiece_file, read_camembert_file};
const OlderFiles mbart_file{has_sentencepiece_file, read_mbart_file};
const OlderFiles mbart50_file{has_sentencepiece_file, read_mbart50_file};

void adjust_mbart(Json& document, const Source& source) {
  const std::string eos = source.settings.special_content("eos_token", source.type.specials);
  const std::string language = source_language(source);
  document["post_processor"] = template_processing({{"A", 0}, {eos, 0}, {language, 0}},
                                                   {{"A", 0}, {"B", 0}, {eos, 0}, {language, 0}});
}

void adjust_mbart50(Json& document, const Source& source) {
  const std::string eos = source.settings.special_content("eos_token", source.type.specials);
  const std::string language = source_language(source);
  document["post_processor"] = template_processing({{language, 0}, {"A", 0}, {eos, 0}},
                                                   {{language, 0}, {"A", 0}, {"B", 0}, {eos, 0}});
}

std::vector<Json> additional_of_camembert(const Source& source) {
  if (source.settings.contains("additional_special_tokens")) return source.settings.additional();
  return {"<s>NOTUSED", "</s>NOTUSED", "<unk>NOTUSED"};
}

std::vector<Json> additional_of_mbart(const Source& source) {
  std::vector<Json> tokens = language_tokens(first_languages);
  for (Json& token : source.settings.additional()) {
    if (!holds_token(tokens, token)) tokens.push_back(std::move(token));
  }
  return tokens;
}

std::vector<Json> additional_of_mbart50(const Source& source) {
  std::vector<Json> tokens = source.settings.additional();
  for (Json& language : language_tokens(languages.size())) {
    if (!holds_token(tokens, language)) tokens.push_back(std::move(language));
  }
  return tokens;
}

}  // namespace locus::tokenization
