// SentencePiece models of ALBERT, XLNet, DeBERTa v2 and v3, and Pegasus.
#include <algorithm>

#include "tokenizer/folder/class_rules.hpp"
#include "tokenizer/folder/sentencepiece_conversion.hpp"
#include "tokenizer/text/unicode.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

bool ends_in_number_and_comma(std::string_view piece) {
  if (!piece.ends_with(",") || piece.size() < 2) return false;
  const std::string_view number = piece.substr(0, piece.size() - 1);
  return is_decimal_digit(code_point(number, previous(number, number.size())).value);
}

Json literal_replacement(const char* from, const char* to) {
  return {{"type", "Replace"}, {"pattern", {{"String", from}}}, {"content", to}};
}

Json bare_step(const char* type) { return {{"type", type}}; }

Json albert_normalizer(const SentencePieceModel& model, const Settings& settings, bool lowers) {
  Json steps = {literal_replacement("``", "\""), literal_replacement("''", "\"")};
  if (!settings.flag("keep_accents", false)) {
    steps.push_back(bare_step("NFKD"));
    steps.push_back(bare_step("StripAccents"));
  }
  if (settings.flag("do_lower_case", lowers)) steps.push_back(bare_step("Lowercase"));
  add_character_map(model, steps);
  add_space_merging(" ", steps);
  return normalizer_steps(std::move(steps));
}

Json deberta_normalizer(const SentencePieceModel& model, const Settings& settings) {
  Json steps = Json::array();
  if (settings.flag("do_lower_case", false)) steps.push_back(bare_step("Lowercase"));
  steps.push_back({{"type", "Strip"}, {"strip_left", true}, {"strip_right", true}});
  add_character_map(model, steps);
  add_space_merging(" ", steps);
  return normalizer_steps(std::move(steps));
}

Json sequence_of_splitters(Json steps) {
  return {{"type", "Sequence"}, {"pretokenizers", std::move(steps)}};
}

int64_t pegasus_offset(const Source& source) { return source.settings.count("offset", 103); }

// The reference builds the vocabulary anew around other special tokens than the usual ones.
bool renames_specials(const Settings& settings) {
  const SpecialDefaults usual{.eos = "</s>", .unknown = "<unk>", .pad = "<pad>"};
  return settings.special_content("pad_token", usual) != usual.pad ||
         settings.special_content("eos_token", usual) != usual.eos ||
         settings.special_content("unk_token", usual) != usual.unknown;
}

// The mask of sentences; none when the settings say null.
Json sentence_mask(const Source& source) {
  const Settings& settings = source.settings;
  return settings.contains("mask_token_sent")
             ? special_token_from("mask_token_sent", settings.value("mask_token_sent"))
             : Json("<mask_1>");
}

std::string content_of(const Json& token) {
  return token.is_string() ? token.get<std::string>() : string_at(token, "content");
}

std::string unknown_number(int64_t number) { return "<unk_" + std::to_string(number) + ">"; }

// A number and a comma are better cut apart, so that such pieces are made improbable.
Json document_like_albert(const Source& source, bool lowers) {
  Conversion conversion(source);
  for (const auto& piece : conversion.model.pieces) {
    const auto score = static_cast<double>(piece.score);
    conversion.add(piece.text, ends_in_number_and_comma(piece.text) ? score - 100 : score);
  }
  Json document = default_document(conversion, "always");
  document["normalizer"] = albert_normalizer(conversion.model, source.settings, lowers);
  return document;
}

Json read_albert_file(const Source& source) {
  Json document = document_like_albert(source, true);
  document["post_processor"] = cls_sep_template();
  return document;
}

// Special tokens stand at the end, the last with a type of its own.
Json read_xlnet_file(const Source& source) {
  Json document = document_like_albert(source, false);
  document["post_processor"] =
      template_processing({{"A", 0}, {"<sep>", 0}, {"<cls>", 2}},
                          {{"A", 0}, {"<sep>", 0}, {"B", 1}, {"<sep>", 1}, {"<cls>", 2}});
  return document;
}

Json read_deberta_v2_file(const Source& source) {
  Conversion conversion(source);
  conversion.add_pieces(0);
  Json document = default_document(conversion, "always");
  document["normalizer"] = deberta_normalizer(conversion.model, source.settings);
  Json splitters = Json::array();
  if (source.settings.flag("split_by_punct", false)) {
    splitters.push_back({{"type", "Punctuation"}, {"behavior", "Isolated"}});
  }
  splitters.push_back(metaspace("always", true));
  document["pre_tokenizer"] = sequence_of_splitters(std::move(splitters));
  document["post_processor"] = cls_sep_template();
  return document;
}

// pad, eos and two masks, then unknown tokens up to the offset, then the model's own pieces without
// their first two (Zhang et al. 2020; transformers, `PegasusTokenizer`).
Json read_pegasus_file(const Source& source) {
  const auto content = [&](std::string_view role) {
    return source.settings.special_content(role, source.type.specials);
  };
  Conversion conversion(source);
  const int64_t offset = pegasus_offset(source);
  conversion.unknown_id += offset;
  conversion.add(content("pad_token"), 0);
  conversion.add(content("eos_token"), 0);
  const Json mask = sentence_mask(source);
  if (!mask.is_null()) {
    conversion.add(content_of(mask), 0);
    if (offset > 3) conversion.add(content("mask_token"), 0);
  }
  for (int64_t i = 2; i < offset; ++i) conversion.add(unknown_number(i), -100);
  conversion.add_pieces(2);
  Json document = default_document(conversion, "always");
  document["pre_tokenizer"] =
      sequence_of_splitters({bare_step("WhitespaceSplit"), metaspace("always", true)});
  const std::string eos = content("eos_token");
  document["post_processor"] =
      template_processing({{"A", 0}, {eos, 0}}, {{"A", 0}, {"B", 0}, {eos, 0}});
  return document;
}

}  // namespace

const OlderFiles albert_file{has_sentencepiece_file, read_albert_file};
const OlderFiles xlnet_file{has_sentencepiece_file, read_xlnet_file};
const OlderFiles deberta_v2_file{has_sentencepiece_file, read_deberta_v2_file};
const OlderFiles pegasus_file{has_sentencepiece_file, read_pegasus_file, renames_specials};

std::vector<Json> additional_of_xlnet(const Source& source) {
  if (source.settings.contains("additional_special_tokens")) return source.settings.additional();
  return {"<eop>", "<eod>"};
}

std::vector<Json> additional_of_pegasus(const Source& source) {
  std::vector<Json> tokens = source.settings.additional();
  const Json mask = sentence_mask(source);
  const bool listed = source.settings.has("additional_special_tokens");
  const bool holds_mask = std::any_of(tokens.begin(), tokens.end(), [&](const Json& token) {
    return !mask.is_null() && content_of(token) == content_of(mask);
  });
  if (!mask.is_null() && !holds_mask) tokens.insert(tokens.begin(), mask);
  const int64_t offset = pegasus_offset(source);
  const int64_t first = listed ? static_cast<int64_t>(tokens.size()) : 2;
  const int64_t last = listed ? offset - 1 : offset;
  for (int64_t i = first; i < last; ++i) tokens.push_back(unknown_number(i));
  return tokens;
}

}  // namespace locus::tokenization
