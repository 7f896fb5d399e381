#include "base/error.hpp"
#include "base/read_file.hpp"
#include "tokenizer/folder/tokenizer_class.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

// One token a line; a line ends with LF, CR or both.
Json read_vocabulary(const std::filesystem::path& path, Watch& watch) {
  const std::string text = read_file(path, watch);
  if (!is_utf8(text)) throw Error(path.string(), "UTF-8", "other bytes");
  Json vocabulary = Json::object();
  int64_t id = 0;
  for (std::size_t at = 0; at < text.size(); ++id) {
    const std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
    watch.spend(end - at + Watch::bytes_per_token);
    vocabulary[text.substr(at, end - at)] = id;
    at = text.compare(end, 2, "\r\n") == 0 ? end + 2 : end + 1;
  }
  return vocabulary;
}

bool has_word_piece_files(const std::filesystem::path& folder) {
  return std::filesystem::exists(folder / "vocab.txt");
}

Json read_word_piece_files(const Source& source) {
  const Settings& settings = source.settings;
  const auto special = [&](std::string_view role) {
    return settings.special_content(role, source.type.specials);
  };
  // 4.49 handles no ideographs without its basic tokenizer; classes may decide on them again.
  const bool has_basics =
      settings.of_version_5() ||
      settings.flag("do_basic_tokenize", !settings.contains("do_basic_tokenize"));
  // RoFormer's words come from a segmenter, which sees the text whole.
  const bool handles_chinese = source.type.name != "RoFormerTokenizer" && has_basics &&
                               settings.flag("tokenize_chinese_chars", true);
  Json document = empty_document();
  document["model"] = {{"type", "WordPiece"},
                       {"unk_token", special("unk_token")},
                       {"continuing_subword_prefix", "##"},
                       {"max_input_chars_per_word", 100},
                       {"vocab", read_vocabulary(source.folder / "vocab.txt", source.watch)}};
  const Json& strip_accents = settings.value("strip_accents");
  document["normalizer"] = {{"type", "BertNormalizer"},
                            {"clean_text", true},
                            {"handle_chinese_chars", handles_chinese},
                            {"strip_accents", strip_accents},
                            {"lowercase", settings.flag("do_lower_case", true)}};
  document["pre_tokenizer"] = {{"type", "BertPreTokenizer"}};
  document["decoder"] = {{"type", "WordPiece"}, {"prefix", "##"}, {"cleanup", true}};
  const std::string cls = special("cls_token"), sep = special("sep_token");
  document["post_processor"] =
      source.type.name == "MPNetTokenizer"
          ? template_processing({{cls, 0}, {"A", 0}, {sep, 0}},
                                {{cls, 0}, {"A", 0}, {sep, 0}, {sep, 0}, {"B", 1}, {sep, 1}})
          : template_processing({{cls, 0}, {"A", 0}, {sep, 0}},
                                {{cls, 0}, {"A", 0}, {sep, 0}, {"B", 1}, {sep, 1}});
  return document;
}

}  // namespace

const OlderFiles word_piece_files{has_word_piece_files, read_word_piece_files};

}  // namespace locus::tokenization
