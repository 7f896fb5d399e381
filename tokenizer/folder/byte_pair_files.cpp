#include <set>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "base/utf8.hpp"
#include "tokenizer/folder/tokenizer_class.hpp"

namespace locus::tokenization {
namespace {

std::filesystem::path first_present(const std::filesystem::path& folder, const char* first,
                                    const char* original) {
  const auto other = folder / original;
  return std::filesystem::exists(folder / first) || !std::filesystem::exists(other) ? folder / first
                                                                                    : other;
}

std::vector<std::string> lines_of(const std::string& text, Watch& watch) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    watch.spend(end - at + Watch::bytes_per_token);
    const bool carriage_return = end > at && text[end - 1] == '\r';
    lines.push_back(text.substr(at, end - at - (carriage_return ? 1 : 0)));
    at = end + 1;
  }
  return lines;
}

// As the reference does, the first line is a heading and what follows the last line end is not
// read.
Json read_merges(const std::filesystem::path& path, Watch& watch) {
  const std::string text = read_file(path, watch);
  utf8::require_utf8(text, path.string());  // what is not read, too
  const std::vector<std::string> lines = lines_of(text, watch);
  Json merges = Json::array();
  std::set<std::string> seen;
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
    watch.spend(Watch::bytes_per_token);
    const std::size_t space = lines[i].find(' ');
    if (space == std::string::npos || lines[i].find(' ', space + 1) != std::string::npos) {
      throw Error(path.string() + ", line " + std::to_string(i + 1), "two tokens",
                  "'" + lines[i] + "'");
    }
    if (seen.insert(lines[i]).second) {
      merges.push_back({lines[i].substr(0, space), lines[i].substr(space + 1)});
    }
  }
  return merges;
}

// GPT-2 adds a token before a text only when told so.
Json gpt2_processor(const Source& source) {
  if (!source.settings.flag("add_bos_token", false)) {
    return {{"type", "ByteLevel"},
            {"add_prefix_space", true},
            {"trim_offsets", false},
            {"use_regex", true}};
  }
  const std::string bos = source.settings.special_content("bos_token", source.type.specials);
  return template_processing({{bos, 0}, {"A", 0}}, {{bos, 0}, {"A", 0}, {"B", 1}});
}

Json roberta_processor(const Source& source, const Json& vocabulary) {
  const auto pair = [&](std::string_view role) {
    const std::string content = source.settings.special_content(role, source.type.specials);
    if (!vocabulary.contains(content)) {
      throw Error("vocabulary", "'" + content + "' (" + std::string(role) + ")", "none");
    }
    return Json::array({content, vocabulary[content]});
  };
  return {{"type", "RobertaProcessing"},
          {"sep", pair("sep_token")},
          {"cls", pair("cls_token")},
          {"trim_offsets", true},
          {"add_prefix_space", source.settings.flag("add_prefix_space", false)}};
}

bool has_byte_pair_files(const std::filesystem::path& folder) {
  const auto has = [&](const char* name) { return std::filesystem::exists(folder / name); };
  return (has("vocab.json") && has("merges.txt")) || (has("encoder.json") && has("vocab.bpe"));
}

Json byte_pair_component(const Source& source, const char* suffix) {
  return {{"type", "BPE"},
          {"dropout", nullptr},
          {"unk_token", nullptr},
          {"continuing_subword_prefix", ""},
          {"end_of_word_suffix", suffix},
          {"fuse_unk", false},
          {"byte_fallback", false},
          {"ignore_merges", false},
          {"vocab",
           read_json(first_present(source.folder, "vocab.json", "encoder.json"), source.watch)},
          {"merges",
           read_merges(first_present(source.folder, "merges.txt", "vocab.bpe"), source.watch)}};
}

Json byte_level(bool prefix_space, bool use_regex) {
  return {{"type", "ByteLevel"},
          {"add_prefix_space", prefix_space},
          {"trim_offsets", true},
          {"use_regex", use_regex}};
}

Json byte_level_document(const Source& source) {
  Json document = empty_document();
  document["model"] = byte_pair_component(source, "");
  document["pre_tokenizer"] = byte_level(source.settings.flag("add_prefix_space", false), true);
  document["decoder"] = byte_level(true, true);
  return document;
}

Json read_gpt2_files(const Source& source) {
  Json document = byte_level_document(source);
  document["post_processor"] = gpt2_processor(source);
  return document;
}

Json read_roberta_files(const Source& source) {
  Json document = byte_level_document(source);
  document["post_processor"] = roberta_processor(source, document["model"]["vocab"]);
  return document;
}

Json read_deberta_files(const Source& source) {
  Json document = byte_level_document(source);
  document["post_processor"] = cls_sep_template();
  return document;
}

Json read_qwen2_files(const Source& source) {
  constexpr const char* words =
      R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|)"
      R"(\s*[\r\n]+|\s+(?!\S)|\s+)";
  Json document = byte_level_document(source);
  document["normalizer"] = {{"type", "NFC"}};
  document["pre_tokenizer"] = {
      {"type", "Sequence"},
      {"pretokenizers",
       {{{"type", "Split"},
         {"pattern", {{"Regex", words}}},
         {"behavior", "Isolated"},
         {"invert", false}},
        byte_level(source.settings.flag("add_prefix_space", false), false)}}};
  document["post_processor"] = byte_level(true, true);
  document["post_processor"]["trim_offsets"] = false;
  return document;
}

// The first GPT's: BERT's words in lower case, pieces of a word whose last one is marked.
Json read_gpt_files(const Source& source) {
  const std::string unknown = source.settings.special_content("unk_token", source.type.specials);
  Json document = empty_document();
  document["model"] = byte_pair_component(source, "</w>");
  document["model"]["unk_token"] = unknown;
  document["normalizer"] = {{"type", "BertNormalizer"},
                            {"clean_text", true},
                            {"handle_chinese_chars", true},
                            {"strip_accents", nullptr},
                            {"lowercase", true}};
  document["pre_tokenizer"] = {{"type", "BertPreTokenizer"}};
  document["decoder"] = {{"type", "BPEDecoder"}, {"suffix", "</w>"}};
  DocumentTokens tokens(document, source.watch);
  if (tokens.id(unknown)) tokens.add(plain_token(unknown, true));
  return document;
}

}  // namespace

const OlderFiles gpt2_files{has_byte_pair_files, read_gpt2_files};
const OlderFiles roberta_files{has_byte_pair_files, read_roberta_files};
const OlderFiles deberta_files{has_byte_pair_files, read_deberta_files};
const OlderFiles qwen2_files{has_byte_pair_files, read_qwen2_files};
const OlderFiles gpt_files{has_byte_pair_files, read_gpt_files};

}  // namespace locus::tokenization
