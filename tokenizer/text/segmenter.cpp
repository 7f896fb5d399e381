#include "tokenizer/text/segmenter.hpp"

#include <charconv>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "tokenizer/text/unicode.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

struct DictionaryWord {
  std::string_view word;
  int64_t frequency;
};

DictionaryWord dictionary_word(std::string_view line, const std::string& where) {
  const std::size_t space = line.find(' ');
  int64_t frequency = 0;
  const char* const begin = line.data() + std::min(space, line.size() - 1) + 1;
  const auto [end, error] = std::from_chars(begin, line.data() + line.size(), frequency);
  const bool ends = end == line.data() + line.size() || *end == ' ';
  if (space == 0 || space == std::string_view::npos || error != std::errc() || !ends ||
      frequency < 0) {
    throw Error(where, "a word and its frequency", "'" + std::string(line.substr(0, 40)) + "'");
  }
  return {line.substr(0, space), frequency};
}

std::vector<DictionaryWord> dictionary_words(std::string_view text, const std::string& file,
                                             Watch& watch) {
  std::vector<DictionaryWord> words;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    watch.spend(line.size() + Watch::bytes_per_token);
    if (line.ends_with('\r')) line.remove_suffix(1);
    at = end + 1;
    ++number;
    if (!line.empty()) {
      words.push_back(dictionary_word(line, file + ", line " + std::to_string(number)));
    }
  }
  return words;
}

bool is_ascii_word(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// What may be part of a dictionary's word.
bool is_cuttable(char32_t c) {
  if (is_ascii_word(c) || c == '+' || c == '#' || c == '&' || c == '.' || c == '_' || c == '%' ||
      c == '-') {
    return true;
  }
  constexpr std::pair<char32_t, char32_t> blocks[] = {
      {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xF900, 0xFAFF},
      {0x20000, 0x2A6DF}, {0x2A700, 0x2B73F}, {0x2B740, 0x2B81F},
      {0x2B820, 0x2CEAF}, {0x2CEB0, 0x2EBEF}, {0x2F800, 0x2FA1F}};
  for (const auto& [first, last] : blocks) {
    if (c >= first && c <= last) return true;
  }
  return false;
}

}  // namespace

Segmenter::Segmenter(Watch& watch)
    : Segmenter("AT&T 3\nc# 3\nC# 3\nc++ 3\nC++ 3\n", "jieba", watch) {}

Segmenter::Segmenter(const std::filesystem::path& dictionary, Watch& watch)
    : Segmenter(read_file(dictionary, watch), dictionary.string(), watch) {}

Segmenter::Segmenter(std::string_view text, const std::string& who, Watch& watch) {
  if (!is_utf8(text)) throw Error(who, "UTF-8", "other bytes");
  const auto words = dictionary_words(text, who, watch);
  if (words.empty()) throw Error(who, "words", "none");
  double total = 0;
  for (const auto& word : words) total += static_cast<double>(word.frequency);
  const double log_total = std::log(total);
  std::vector<Trie::Entry> entries;
  entries.reserve(words.size());
  for (const auto& [word, frequency] : words) {
    watch.spend(Watch::bytes_per_token);
    entries.push_back({word, static_cast<int32_t>(entries.size())});
    scores_.push_back(std::log(static_cast<double>(frequency)) - log_total);
  }
  trie_ = Trie(std::move(entries), watch);
  unlisted_ = -log_total;
}

// A stretch of a text that dictionary words may cut.
struct Segmenter::Block {
  std::string_view text;
  Range range;
  Watch& watch;

  std::string_view view() const { return text.substr(range.begin, range.end - range.begin); }
};

std::vector<Range> Segmenter::words(std::string_view text, Watch& watch) const {
  std::vector<Range> words;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size()) {
      const auto [value, size] = code_point(text, end);
      if (!is_cuttable(value)) break;
      end += size;
    }
    if (end > at) {
      cut_block({text, {at, end}, watch}, words);
    } else {
      end += text.compare(at, 2, "\r\n") == 0 ? 2 : code_point(text, at).size;
      watch.spend(end - at);
      words.push_back({at, end});
    }
    at = end;
  }
  return words;
}

// Where the best path's word that begins at a byte ends, for every byte that begins a character.
void Segmenter::find_path(const Block& whole, std::vector<std::size_t>& ends) const {
  const std::string_view block = whole.view();
  std::vector<double> scores(block.size() + 1);
  ends.assign(block.size() + 1, 0);
  for (std::size_t at = block.size(); at > 0;) {
    whole.watch.spend(1);
    at = previous(block, at);
    trie_.for_each_prefix(block.substr(at), [&](Trie::Match match) {
      const std::size_t end = at + match.size;
      const double score = scores_[static_cast<std::size_t>(match.value)] + scores[end];
      if (ends[at] != 0 && score < scores[at]) return;
      scores[at] = score;
      ends[at] = end;
    });
    if (ends[at] != 0) continue;
    ends[at] = at + code_point(block, at).size;
    scores[at] = unlisted_ + scores[ends[at]];
  }
}

// Letters and digits that are words of their own are put together again.
void Segmenter::cut_block(const Block& whole, std::vector<Range>& words) const {
  const std::string_view text = whole.text;
  const Range block = whole.range;
  std::vector<std::size_t> ends;
  find_path(whole, ends);
  const auto is_single = [&](std::size_t begin, std::size_t end) {
    return end == begin + 1 && is_ascii_word(static_cast<unsigned char>(text[begin]));
  };
  bool open = false;  // the last word may grow
  for (std::size_t at = block.begin; at < block.end;) {
    const std::size_t end = block.begin + ends[at - block.begin];
    const bool single = is_single(at, end);
    if (single && open) {
      words.back().end = static_cast<uint32_t>(end);
    } else {
      words.push_back({at, end});
    }
    open = single;
    at = end;
  }
}

}  // namespace locus::tokenization
