#include "tokenizer/models/unigram.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "tokenizer/models/byte_fallback.hpp"
#include "tokenizer/models/word_cutter.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

// Of an unknown character against the least probable token (sentencepiece, `unigram_model.cc`).
constexpr double unknown_penalty = 10;
constexpr int32_t unreached = -1;

class Unigram : public Model {
 public:
  Unigram(VocabularyPointer vocabulary, UnigramOptions options)
      : vocabulary_(std::move(vocabulary)), options_(std::move(options)), bytes_(*vocabulary_) {
    const auto& scores = options_.scores;
    const double min_score = scores.empty() ? 0 : *std::min_element(scores.begin(), scores.end());
    unknown_score_ = min_score - unknown_penalty;
  }

  void tokenize(const AlignedText& text, std::span<const Range> words,
                std::vector<Piece>& pieces) const override {
    std::vector<Node> path;
    cut_words(text, words, pieces, [&](std::string_view word, std::vector<Symbol>& symbols) {
      find_path(word, path, text.watch());
      const std::size_t first = symbols.size();
      collect(word, path, symbols);
      std::reverse(symbols.begin() + static_cast<std::ptrdiff_t>(first), symbols.end());
    });
  }

  std::string kind() const override { return "Unigram"; }

 private:
  // The best way to reach a byte of the word.
  struct Node {
    double score = 0;
    int32_t id = 0;
    int32_t begin = unreached;  // of its last token
  };

  static void improve(Node& node, Node candidate) {
    if (node.begin == unreached || candidate.score > node.score) node = candidate;
  }

  void find_path(std::string_view word, std::vector<Node>& path, Watch& watch) const {
    path.assign(word.size() + 1, {});
    for (std::size_t at = 0; at < word.size();) {
      watch.spend(1);
      const double so_far = path[at].score;
      const std::size_t character = code_point(word, at).size;
      const auto begin = static_cast<int32_t>(at);
      bool known = false;
      vocabulary_->trie().for_each_prefix(word.substr(at), [&](Trie::Match match) {
        const double score = options_.scores[static_cast<std::size_t>(match.value)];
        improve(path[at + match.size], {so_far + score, match.value, begin});
        known |= match.size == character;
      });
      if (!known) improve(path[at + character], {so_far + unknown_score_, unknown(), begin});
      at += character;
    }
  }

  // From the last token to the first.
  void collect(std::string_view word, const std::vector<Node>& path,
               std::vector<Symbol>& symbols) const {
    for (std::size_t end = word.size(); end > 0;) {
      std::size_t begin = static_cast<std::size_t>(path[end].begin);
      const int32_t id = path[end].id;
      if (id == options_.unknown) {
        while (begin > 0 && path[begin].id == id)
          begin = static_cast<std::size_t>(path[begin].begin);
        collect_unknown(word, {begin, end}, symbols);
      } else {
        symbols.push_back({id, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
      }
      end = begin;
    }
  }

  void collect_unknown(std::string_view word, Range range, std::vector<Symbol>& symbols) const {
    const std::string_view text = word.substr(range.begin, range.end - range.begin);
    const auto begin = static_cast<uint32_t>(range.begin), end = static_cast<uint32_t>(range.end);
    if (const auto id = vocabulary_->id(text)) {
      symbols.push_back({*id, begin, end});
    } else if (options_.byte_fallback && bytes_.covers(text)) {
      for (auto byte = text.rbegin(); byte != text.rend(); ++byte) {
        symbols.push_back({bytes_.id(*byte), begin, end});
      }
    } else {
      symbols.push_back({unknown(), begin, end});
    }
  }

  int32_t unknown() const {
    if (!options_.unknown) throw Error("Unigram model", "an unknown token", "none");
    return *options_.unknown;
  }

  VocabularyPointer vocabulary_;
  UnigramOptions options_;
  ByteFallback bytes_;
  double unknown_score_;
};

}  // namespace

ModelPointer unigram_model(VocabularyPointer vocabulary, UnigramOptions options) {
  if (options.unknown && !vocabulary->has(*options.unknown)) {
    throw Error("unk_id", "an id of the vocabulary", std::to_string(*options.unknown));
  }
  options.scores.resize(static_cast<std::size_t>(vocabulary->size()));
  return std::make_unique<Unigram>(std::move(vocabulary), std::move(options));
}

}  // namespace locus::tokenization
