#include <algorithm>
#include <cctype>

#include "base/random.hpp"
#include "pipelines/probes.hpp"

namespace locus {
namespace {

using Words = std::vector<std::string>;

constexpr size_t min_words = 5, max_words = 20;

bool ends_sentence(const std::string& word) {
  return word.ends_with('.') || word.ends_with('!') || word.ends_with('?');
}

/// A word without marks and capitals: its place is not told by its letters.
bool plain(const std::string& word) {
  return std::ranges::all_of(word, [](char letter) {
    return !std::isupper(static_cast<unsigned char>(letter)) &&
           !std::ispunct(static_cast<unsigned char>(letter));
  });
}

/// Sentences of a text as words, by white space.
std::vector<Words> sentences_of(const std::string& text) {
  std::vector<Words> sentences;
  Words words;
  for (size_t begin = 0; (begin = text.find_first_not_of(" \t\r\n", begin)) != text.npos;) {
    const size_t end = std::min(text.find_first_of(" \t\r\n", begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = end;
    if (!ends_sentence(words.back())) continue;
    if (words.size() >= min_words && words.size() <= max_words) sentences.push_back(words);
    words.clear();
  }
  return sentences;
}

/// Places of a word and the next that may be exchanged.
std::vector<size_t> exchangeable(const Words& words) {
  std::vector<size_t> places;
  for (size_t i = 1; i + 1 < words.size(); ++i) {
    if (plain(words[i]) && plain(words[i + 1]) && words[i] != words[i + 1]) places.push_back(i);
  }
  return places;
}

std::string joined_words(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

std::vector<WordPair> word_order_pairs(const std::vector<Document>& documents, int64_t count,
                                       uint64_t seed) {
  std::vector<Words> sentences;
  for (const Document& document : documents) {
    for (Words& words : sentences_of(document.raw)) {
      if (!exchangeable(words).empty()) sentences.push_back(std::move(words));
    }
  }
  Random random(seed);
  std::vector<WordPair> pairs;
  for (const int64_t index : sample_indices(static_cast<int64_t>(sentences.size()), count, seed)) {
    Words words = sentences[static_cast<size_t>(index)];
    WordPair& pair = pairs.emplace_back();
    pair.right = joined_words(words);
    const auto places = exchangeable(words);
    const size_t at =
        places[static_cast<size_t>(random.below(static_cast<int64_t>(places.size())))];
    std::swap(words[at], words[at + 1]);
    pair.wrong = joined_words(words);
  }
  return pairs;
}

}  // namespace locus
