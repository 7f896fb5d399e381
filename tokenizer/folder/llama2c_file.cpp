#include "tokenizer/folder/llama2c_file.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "tokenizer/folder/document.hpp"
#include "tokenizer/folder/piece_merges.hpp"
#include "tokenizer/text/replacing.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

using Pieces = std::vector<std::pair<std::string, double>>;

constexpr const char* word_mark = "\u2581";

class Reader {
 public:
  Reader(const std::filesystem::path& path, Watch& watch)
      : path_(path), bytes_(read_file(path, watch)) {}

  bool done() const { return at_ == bytes_.size(); }

  template <class Number>
  Number number() {
    Number value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }

  std::string_view take(std::size_t size) {
    if (size > bytes_.size() - at_) {
      fail(std::to_string(size) + " more bytes", std::to_string(bytes_.size() - at_));
    }
    at_ += size;
    return std::string_view(bytes_).substr(at_ - size, size);
  }

  [[noreturn]] void fail(const std::string& expected, const std::string& found) const {
    throw Error(path_.string() + ", byte " + std::to_string(at_), expected, found);
  }

 private:
  std::filesystem::path path_;
  std::string bytes_;
  std::size_t at_ = 0;
};

// Longest token, then for each token score, length and bytes. The export writes spaces for marks
// and line ends around bos and eos.
Pieces read_pieces(const std::filesystem::path& path, Watch& watch) {
  Reader reader(path, watch);
  const auto max_size = reader.number<int32_t>();
  Pieces pieces;
  while (!reader.done()) {
    watch.spend(Watch::bytes_per_token);
    const auto score = reader.number<float>();
    const auto size = reader.number<int32_t>();
    if (size < 0 || size > max_size) {
      reader.fail("a length up to " + std::to_string(max_size), std::to_string(size));
    }
    std::string text(reader.take(static_cast<std::size_t>(size)));
    if (!is_utf8(text) || !std::isfinite(score)) reader.fail("UTF-8 and a score", "other bytes");
    if (pieces.size() == 1) text = "<s>";
    if (pieces.size() == 2) text = "</s>";
    replace_all(text, " ", word_mark);
    pieces.emplace_back(std::move(text), score);
  }
  if (pieces.size() < 259) {
    reader.fail("three special tokens and 256 bytes", std::to_string(pieces.size()) + " tokens");
  }
  return pieces;
}

Json model_of(const Pieces& pieces, Watch& watch) {
  Json vocabulary = Json::object();
  for (std::size_t id = 0; id < pieces.size(); ++id) {
    watch.spend(Watch::bytes_per_token);
    vocabulary[pieces[id].first] = id;
  }
  return {{"type", "BPE"},
          {"dropout", nullptr},
          {"unk_token", "<unk>"},
          {"continuing_subword_prefix", nullptr},
          {"end_of_word_suffix", nullptr},
          {"fuse_unk", true},
          {"byte_fallback", true},
          {"ignore_merges", false},
          {"vocab", std::move(vocabulary)},
          {"merges", merges_of_pieces(pieces, watch)}};
}

}  // namespace

std::filesystem::path llama2c_path(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name == "tokenizer.bin") return entry.path();
    if (name.starts_with("tok") && name.ends_with(".bin")) found.push_back(entry.path());
  }
  return found.size() == 1 ? found.front() : std::filesystem::path();
}

Json read_llama2c_file(const std::filesystem::path& path, Watch& watch) {
  Json document = empty_document();
  document["model"] = model_of(read_pieces(path, watch), watch);
  document["normalizer"] = {
      {"type", "Sequence"},
      {"normalizers",
       {{{"type", "Prepend"}, {"prepend", word_mark}},
        {{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", word_mark}}}}};
  document["decoder"] = {
      {"type", "Sequence"},
      {"decoders",
       {{{"type", "Replace"}, {"pattern", {{"String", word_mark}}}, {"content", " "}},
        {{"type", "ByteFallback"}},
        {{"type", "Fuse"}},
        {{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}}}}};
  document["post_processor"] =
      template_processing({{"<s>", 0}, {"A", 0}}, {{"<s>", 0}, {"A", 0}, {"<s>", 1}, {"B", 1}});
  DocumentTokens tokens(document, watch);
  for (const char* special : {"<unk>", "<s>", "</s>"}) tokens.add(plain_token(special, true));
  tokens.resolve_template();
  return document;
}

}  // namespace locus::tokenization
