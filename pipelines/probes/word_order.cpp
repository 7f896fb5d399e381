#include <algorithm>
#include <cctype>
#include <string_view>

#include "base/random.hpp"
#include "base/watch.hpp"
#include "pipelines/probes.hpp"

namespace locus {
namespace {

using Words = std::vector<std::string_view>;

constexpr size_t min_words = 5, max_words = 20;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool ends_sentence(std::string_view word) {
  return word.ends_with('.') || word.ends_with('!') || word.ends_with('?');
}

/// A word without marks and capitals: its place is not told by its letters.
bool plain(std::string_view word) {
  return std::ranges::all_of(word, [](char letter) {
    return !std::isupper(static_cast<unsigned char>(letter)) &&
           !std::ispunct(static_cast<unsigned char>(letter));
  });
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
  for (const std::string_view word : words) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

/// Sentences of a text as words, by white space: those of which a pair can be made.
template <typename Visit>
void each_sentence(std::string_view text, Watch& watch, const Visit& visit) {
  Words words;
  size_t at = 0;
  const auto skip = [&](bool space) {
    for (; at < text.size() && is_space(text[at]) == space; ++at) watch.spend(1);
  };
  for (skip(true); at < text.size(); skip(true)) {
    const size_t begin = at;
    skip(false);
    const std::string_view word = text.substr(begin, at - begin);
    if (words.size() <= max_words) words.push_back(word);  // one more is too many already
    if (!ends_sentence(word)) continue;
    const bool fits = words.size() >= min_words && words.size() <= max_words;
    if (fits && !exchangeable(words).empty()) visit(words);
    words.clear();
  }
}

/// The sentence with two neighbouring words exchanged, drawn by `random`.
WordPair pair_of(Words words, Random& random) {
  WordPair pair;
  pair.right = joined_words(words);
  const auto places = exchangeable(words);
  const size_t at = places[static_cast<size_t>(random.below(std::ssize(places)))];
  std::swap(words[at], words[at + 1]);
  pair.wrong = joined_words(words);
  return pair;
}

}  // namespace

std::vector<WordPair> word_order_pairs(const std::vector<Document>& documents, int64_t count,
                                       uint64_t seed, const CancelCheck& check) {
  Watch watch(check);
  int64_t sentences = 0;
  for (const Document& document : documents) {
    each_sentence(document.raw, watch, [&](const Words&) { ++sentences; });
  }
  const std::vector<int64_t> drawn = sample_indices(sentences, count, seed);
  Random random(seed);
  std::vector<WordPair> pairs;
  int64_t sentence = 0;
  for (const Document& document : documents) {
    each_sentence(document.raw, watch, [&](const Words& words) {
      const bool wanted = std::ssize(pairs) < std::ssize(drawn) && drawn[pairs.size()] == sentence;
      if (wanted) pairs.push_back(pair_of(words, random));
      ++sentence;
    });
  }
  return pairs;
}

}  // namespace locus
