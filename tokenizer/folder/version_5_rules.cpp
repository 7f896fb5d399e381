// Folders of transformers 5. Its classes make parts anew from tokenizer_config.json, whatever
// tokenizer.json says: such a key is followed, or it must say what tokenizer.json says.
#include <algorithm>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "tokenizer/folder/class_rules.hpp"

namespace locus::tokenization {
namespace {

/// What a class makes anew: parts by keys of their own, and the tokens of two roles around a text.
struct Remade {
  enum Part : unsigned {
    byte_prefix = 1,
    mark_prefix = 2,
    lower = 4,
    accents = 8,
    legacy = 16,
    spaced_mask = 32,  // a mask that tokenizer.json does not list takes the space before it
    normalized_mask = 64,
  };
  std::string_view name;
  unsigned parts;
  std::string_view first = {}, last = {};
  std::string_view others = {};  // a key that only this class has
};

constexpr Remade remade[] = {
    {"BertTokenizer", 0, "cls_token", "sep_token"},
    {"DistilBertTokenizer", 0, "cls_token", "sep_token"},
    {"ElectraTokenizer", 0, "cls_token", "sep_token"},
    {"MobileBertTokenizer", 0, "cls_token", "sep_token"},
    {"SqueezeBertTokenizer", 0, "cls_token", "sep_token"},
    {"LayoutLMTokenizer", 0, "cls_token", "sep_token"},
    {"MPNetTokenizer", Remade::spaced_mask, "cls_token", "sep_token"},
    {"RoFormerTokenizer", 0, "cls_token", "sep_token"},
    {"RobertaTokenizer", Remade::byte_prefix, "cls_token", "sep_token"},
    {"LongformerTokenizer", Remade::byte_prefix, "cls_token", "sep_token"},
    {"BartTokenizer", Remade::byte_prefix, "cls_token", "sep_token"},
    {"LEDTokenizer", Remade::byte_prefix, "cls_token", "sep_token"},
    {"DebertaTokenizer", Remade::byte_prefix, "cls_token", "sep_token"},
    {"GPT2Tokenizer", Remade::byte_prefix},
    {"GPTNeoXTokenizer", Remade::byte_prefix},
    {"Qwen2Tokenizer", Remade::byte_prefix},
    {"DebertaV2Tokenizer", Remade::lower, "cls_token", "sep_token", "split_by_punct"},
    {"AlbertTokenizer", Remade::mark_prefix | Remade::lower | Remade::accents},
    {"XLNetTokenizer", Remade::lower | Remade::spaced_mask, "cls_token", "sep_token", "unk_id"},
    {"CamembertTokenizer", Remade::mark_prefix | Remade::spaced_mask, "bos_token", "eos_token",
     "unk_token"},
    {"XLMRobertaTokenizer", Remade::mark_prefix, "bos_token", "eos_token"},
    {"XGLMTokenizer", Remade::mark_prefix, "bos_token", "eos_token"},
    {"LlamaTokenizer", Remade::mark_prefix | Remade::legacy},
    {"MBartTokenizer", Remade::spaced_mask, "", "eos_token"},
    {"MBart50Tokenizer", Remade::spaced_mask, "", "eos_token"},
    {"NllbTokenizer", Remade::spaced_mask | Remade::normalized_mask},
    {"T5Tokenizer", 0, "", "eos_token"},
    {"MT5Tokenizer", 0, "", "eos_token"},
    {"PegasusTokenizer", 0, "", "eos_token"},
};

const Remade* remade_by(const Source& source) {
  std::string name = source.settings.text("tokenizer_class", "");
  if (name.ends_with("Fast")) name.resize(name.size() - 4);
  const auto found = std::ranges::find(remade, name, &Remade::name);
  return found == std::end(remade) ? nullptr : &*found;
}

/// The first component of a type, at any depth of sequences; null if there is none.
const Json* find_component(const Json& component, std::string_view type) {
  if (value_or_null(component, "type") == type) return &component;
  for (const char* list : {"normalizers", "pretokenizers", "processors"}) {
    for (const Json& inner : value_or_null(component, list)) {
      if (const Json* found = find_component(inner, type)) return found;
    }
  }
  return nullptr;
}

void expect_flag(const Settings& settings, std::string_view key, bool in_document) {
  if (!settings.has(key) || settings.flag(key, in_document) == in_document) return;
  throw Error(key, std::string(in_document ? "true" : "false") + ", as tokenizer.json says",
              in_document ? "false" : "true");
}

/// Contents of the tokens that the document puts around texts.
std::set<std::string> tokens_around(const Json& processor) {
  std::set<std::string> contents;
  if (const Json* found = find_component(processor, "TemplateProcessing")) {
    for (const auto& [content, token] : value_or_null(*found, "special_tokens").items()) {
      contents.insert(content);
    }
  }
  for (const char* type : {"BertProcessing", "RobertaProcessing"}) {
    const Json* found = find_component(processor, type);
    for (const char* end : {"cls", "sep"}) {
      if (found) contents.insert(found->at(end).at(0).get<std::string>());
    }
  }
  return contents;
}

void expect_ends(const Json& processor, const Source& source, const Remade& by) {
  const std::set<std::string> around = tokens_around(processor);
  if (around.empty()) return;
  for (const std::string_view role : {by.first, by.last}) {
    if (role.empty()) continue;
    const std::string content = source.settings.special_content(role, source.type.specials);
    if (content.empty() || around.contains(content)) continue;
    throw Error(role, "a token that tokenizer.json puts around texts", "'" + content + "'");
  }
}

std::string unknown_of(const Json& model) {
  const Json& id = value_or_null(model, "unk_id");
  const Json& vocabulary = value_or_null(model, "vocab");
  if (!id.is_number_unsigned() || !vocabulary.is_array() || id >= vocabulary.size()) return "";
  return vocabulary[id.get<std::size_t>()].at(0).get<std::string>();
}

void expect_others(const Json& document, const Source& source, std::string_view key) {
  const Settings& settings = source.settings;
  const Json& model = value_or_null(document, "model");
  if (key == "split_by_punct") {
    const Json& cutter = value_or_null(document, "pre_tokenizer");
    expect_flag(settings, key, find_component(cutter, "Punctuation") != nullptr);
  } else if (key == "unk_id" && settings.has(key)) {
    const Json& id = value_or_null(model, key);
    if (settings.value(key) != id)
      throw Error(key, id.dump() + ", as tokenizer.json says", "another");
  } else if (key == "unk_token") {
    const std::string content = settings.special_content(key, source.type.specials);
    const std::string own = unknown_of(model);
    if (!own.empty() && content != own) {
      throw Error(key, "'" + own + "', as tokenizer.json says", "'" + content + "'");
    }
  }
}

/// Whether a space becomes a mark before a text, and before what follows special tokens.
void expect_marks(const Json& cutter, const Settings& settings, unsigned parts) {
  const Json* marks = find_component(cutter, "Metaspace");
  if (!marks) return;
  const std::string scheme = string_or(*marks, "prepend_scheme", "always");
  if ((parts & Remade::mark_prefix) != 0)
    expect_flag(settings, "add_prefix_space", scheme != "never");
  if ((parts & Remade::legacy) != 0 && scheme != "never") {
    expect_flag(settings, "legacy", scheme == "always");
  }
}

}  // namespace

bool remakes_spaces(const Source& source) {
  const Remade* by = remade_by(source);
  return by && (by->parts & Remade::byte_prefix) != 0;
}

SpecialFlags flags_of_version_5(const Source& source) {
  const Remade* by = remade_by(source);
  const unsigned parts = by ? by->parts : 0;
  return {.mask_takes_space = (parts & Remade::spaced_mask) != 0,
          .mask_normalized = (parts & Remade::normalized_mask) != 0};
}

bool class_is_known(const Source& source) {
  const std::string name = source.settings.text("tokenizer_class", "");
  return name.empty() || name == "TokenizersBackend" || find_tokenizer_class(name) ||
         (source.settings.of_version_5() && remade_by(source));
}

void expect_agreement(const Json& document, const Source& source) {
  const Remade* by = remade_by(source);
  if (!by) return;
  const Json& normalizer = value_or_null(document, "normalizer");
  if ((by->parts & Remade::lower) != 0) {
    expect_flag(source.settings, "do_lower_case",
                find_component(normalizer, "Lowercase") != nullptr);
  }
  if ((by->parts & Remade::accents) != 0) {
    expect_flag(source.settings, "keep_accents", !find_component(normalizer, "StripAccents"));
  }
  const Json& cutter = value_or_null(document, "pre_tokenizer");
  expect_marks(cutter, source.settings, by->parts);
  const Json* bytes = find_component(cutter, "ByteLevel");  // in a sequence: Qwen2's
  if (bytes && (by->parts & Remade::byte_prefix) != 0) {
    expect_flag(source.settings, "add_prefix_space", bool_or(*bytes, "add_prefix_space", true));
  }
  expect_ends(value_or_null(document, "post_processor"), source, *by);
  if (!by->others.empty()) expect_others(document, source, by->others);
}

}  // namespace locus::tokenization
