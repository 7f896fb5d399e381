// M2M-100's tokenizer: the pieces of a SentencePiece model, numbered by vocab.json, and after them
// the languages (transformers, `M2M100Tokenizer`). The text's language goes before it.
#include <sstream>

#include "base/error.hpp"
#include "tokenizer/folder/class_rules.hpp"
#include "tokenizer/json/components.hpp"
#include "tokenizer/models/marian.hpp"
#include "tokenizer/pipeline/pipeline.hpp"

namespace locus::tokenization {
namespace {

/// In the order of their ids (Fan et al. 2020, table 1, by code).
constexpr const char* hundred_languages =
    "af am ar ast az ba be bg bn br bs ca ceb cs cy da de el en es et fa ff fi fr fy ga gd gl gu "
    "ha he hi hr ht hu hy id ig ilo is it ja jv ka kk km kn ko lb lg ln lo lt lv mg mk ml mn mr "
    "ms my ne nl no ns oc or pa pl ps pt ro ru sd si sk sl so sq sr ss su sv sw ta th tl tn tr uk "
    "ur uz vi wo xh yi yo zh zu";
constexpr const char* wmt21_languages = "en ha is ja cs ru zh de";

std::string language_token(const std::string& code) { return "__" + code + "__"; }

const char* languages_of(const Settings& settings) {
  const std::string name = settings.text("language_codes", "m2m100");
  if (name == "m2m100") return hundred_languages;
  if (name == "wmt21") return wmt21_languages;
  throw Error("language_codes", "m2m100 or wmt21", "'" + name + "'");
}

/// A document of tokens alone: the model is no part of it.
Json tokens_of(const Source& source) {
  Json document = {{"vocab.json", read_json(source.folder / "vocab.json", source.watch)}};
  object_at(document, "vocab.json");
  Json vocabulary = std::move(document["vocab.json"]);
  const std::size_t pieces = vocabulary.size();
  std::istringstream codes(languages_of(source.settings));
  std::size_t count = 0;
  for (std::string code; codes >> code;) vocabulary[language_token(code)] = pieces + count++;
  document = empty_document();
  document["model"] = {{"vocab", std::move(vocabulary)}};
  add_tokens(document, source, source.type.flags_of_files);
  return document;
}

int32_t required_id(const Vocabulary& vocabulary, std::string_view who, const std::string& token) {
  const auto id = vocabulary.id(token);
  if (!id) throw Error(who, "a token of vocab.json or a language", "'" + token + "'");
  return *id;
}

/// `__fr__ A </s>`; a second text follows the first at once.
Template between(int32_t language, int32_t end) {
  using Kind = TemplateItem::Kind;
  return {
      {{Kind::special, 0, language}, {Kind::first, 0}, {Kind::special, 0, end}},
      {{Kind::special, 0, language}, {Kind::first, 0}, {Kind::second, 0}, {Kind::special, 0, end}}};
}

bool has_m2m_100_files(const std::filesystem::path& folder) {
  return std::filesystem::exists(folder / "sentencepiece.bpe.model") &&
         std::filesystem::exists(folder / "vocab.json");
}

std::unique_ptr<Pipeline> open_m2m_100(const Source& source, const TranslationSide&) {
  const Json document = tokens_of(source);
  auto pipeline = std::make_unique<Pipeline>();
  pipeline->vocabulary = vocabulary_from(document["model"], source.watch);
  const auto role = [&](std::string_view name) {
    return required_id(*pipeline->vocabulary, name,
                       source.settings.special_content(name, source.type.specials));
  };
  const int32_t unknown = role("unk_token"), end = role("eos_token");
  const std::string language = source.settings.text("src_lang", "en");
  const auto added = added_tokens_from(document["added_tokens"], source.watch);
  const auto model = source.folder / "sentencepiece.bpe.model";
  pipeline->added = AddedTokens(added, nullptr, source.watch);
  pipeline->model = piece_model(model, {pipeline->vocabulary, unknown}, source.watch);
  pipeline->decoder = piece_decoder(model, added, source.watch);
  pipeline->post_processing.arrangement =
      between(required_id(*pipeline->vocabulary, "src_lang",
                          language_token(language.empty() ? "en" : language)),
              end);
  return pipeline;
}

}  // namespace

const WithoutDocument m2m_100_class{has_m2m_100_files, open_m2m_100};

}  // namespace locus::tokenization
