// ESM's vocabulary: every token is found in a text wherever it stands, longest first; what lies
// between is cut at white space and unknown (transformers, `EsmTokenizer`).
#include <sstream>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "tokenizer/folder/tokenizer_class.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

bool has_protein_files(const std::filesystem::path& folder) {
  return std::filesystem::exists(folder / "vocab.txt");
}

// One token a line, without the white space around it.
std::vector<std::string> read_tokens(const std::filesystem::path& path, Watch& watch) {
  const std::string text = read_file(path, watch);
  if (!is_utf8(text)) throw Error(path.string(), "UTF-8", "other bytes");
  std::vector<std::string> tokens;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    watch.spend(line.size() + Watch::bytes_per_token);
    const auto begin = line.find_first_not_of(" \t\r\f\v");
    const auto end = line.find_last_not_of(" \t\r\f\v");
    tokens.push_back(begin == std::string::npos ? "" : line.substr(begin, end - begin + 1));
  }
  return tokens;
}

// With `split_special_tokens` a text is cut at white space alone: its tokens are whole words, added
// ones too.
void add_whole_words(Json& vocabulary, const Source& source) {
  for (const auto& [id, token] : source.settings.added_tokens()) {
    const std::string content = string_at(token, "content");
    if (!vocabulary.contains(content)) vocabulary[content] = id;
    if (bool_or(token, "special", false)) continue;
    throw Error("split_special_tokens", "false, as added tokens are not all special",
                "'" + content + "'");
  }
}

Json read_protein_files(const Source& source) {
  const auto special = [&](std::string_view role) {
    return source.settings.special_content(role, source.type.specials);
  };
  Json document = empty_document();
  Json vocabulary = Json::object();
  const std::vector<std::string> tokens = read_tokens(source.folder / "vocab.txt", source.watch);
  for (std::size_t id = 0; id < tokens.size(); ++id) {
    source.watch.spend(Watch::bytes_per_token);
    vocabulary[tokens[id]] = id;
  }
  if (source.settings.flag("split_special_tokens", false)) add_whole_words(vocabulary, source);
  document["model"] = {
      {"type", "WordLevel"}, {"unk_token", special("unk_token")}, {"vocab", std::move(vocabulary)}};
  // Python's str.split() parts at four controls as well.
  document["pre_tokenizer"] = {{"type", "Split"},
                               {"pattern", {{"Regex", "[\\s\\x{1c}-\\x{1f}]+"}}},
                               {"behavior", "Removed"},
                               {"invert", false}};
  const std::string cls = special("cls_token"), eos = special("eos_token");
  document["post_processor"] = template_processing(
      {{cls, 0}, {"A", 0}, {eos, 0}}, {{cls, 0}, {"A", 0}, {eos, 0}, {"B", 1}, {eos, 1}});
  if (source.settings.flag("split_special_tokens", false)) return document;
  DocumentTokens added(document, source.watch);
  for (const std::string& content : tokens) {
    Json token = plain_token(content, false);
    token["normalized"] = false;
    added.add(std::move(token));
  }
  return document;
}

}  // namespace

const OlderFiles protein_files{has_protein_files, read_protein_files};

}  // namespace locus::tokenization
