#include "tokenizer/models/byte_pair.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "tokenizer/models/alphabet.hpp"
#include "tokenizer/models/merges.hpp"

namespace locus::tokenization {
namespace {

constexpr std::string_view mark = "\u2581";  // SentencePiece's space
constexpr std::size_t mark_bytes = 8;        // of other work take as long as looking at one

// Without a merge that joins something to a following mark, a text may be cut before each mark that
// does not follow another: words, unlike whole texts, are short and repeat.
bool never_joins_marks(const MergeList& merges) {
  return std::none_of(merges.begin(), merges.end(), [](const auto& merge) {
    return merge.second.starts_with(mark) && !merge.first.ends_with(mark);
  });
}

class BytePair : public Model {
 public:
  BytePair(std::unique_ptr<const Alphabet> alphabet, MergeTable merges,
           const BytePairOptions& options, Watch& watch)
      : alphabet_(std::move(alphabet)), merges_(std::move(merges)), unknown_(options.unknown) {
    const std::vector<Spelling> spellings = alphabet_->spellings(watch);
    std::vector<WordTable::Entry> whole;
    std::vector<Symbol> symbols;
    for (const auto& [text, id] : spellings) {
      watch.spend(Watch::bytes_per_token);
      symbols.clear();
      const bool own = options.ignore_merges || (cut(text, symbols, watch) && symbols.size() == 1 &&
                                                 symbols.front().id == id);
      if (own) whole.push_back({text, id});
    }
    whole_ = WordTable(whole, watch);
  }

  void tokenize(const AlignedText& text, std::span<const Range> words,
                std::vector<Piece>& pieces) const override {
    pieces.reserve(pieces.size() + words.size() + words.size() / 2);
    WordCache cache(words.size());
    const auto uncached = [&](std::string_view word, std::vector<Symbol>& symbols) {
      if (cut(word, symbols, text.watch())) return;
      throw Error("vocabulary", "the unknown token '" + unknown_.value_or("") + "'", "none");
    };
    for_each_word(text, words, [&](Range word, std::string_view spelling) {
      const uint64_t hash = word_hash(spelling);
      if (const auto id = whole_.find(spelling, hash)) {
        pieces.push_back({*id, word.begin, word.end});
        return;
      }
      for (const Symbol symbol : cache.symbols(spelling, hash, uncached)) {
        pieces.push_back({symbol.id, word.begin + symbol.begin, word.begin + symbol.end});
      }
    });
  }

  std::string kind() const override { return alphabet_->kind(); }

 private:
  bool cut(std::string_view word, std::vector<Symbol>& symbols, Watch& watch) const {
    const std::size_t first = symbols.size();
    if (!alphabet_->spell(word, symbols)) return false;
    merge_symbols(merges_, first, symbols, watch);
    return true;
  }

  std::unique_ptr<const Alphabet> alphabet_;
  MergeTable merges_;
  std::optional<std::string> unknown_;
  WordTable whole_;  // the tokens that a word with their spelling is cut into
};

// Cuts words before marks and hands them on.
class CutAtMarks : public Model {
 public:
  explicit CutAtMarks(ModelPointer model) : model_(std::move(model)) {}

  void tokenize(const AlignedText& text, std::span<const Range> words,
                std::vector<Piece>& pieces) const override {
    std::vector<Range> parts;
    for (const Range word : words) cut(text, word, parts);
    model_->tokenize(text, parts, pieces);
  }

  std::string kind() const override { return model_->kind(); }

 private:
  static void cut(const AlignedText& whole, Range word, std::vector<Range>& parts) {
    const std::string_view text = whole.view().substr(0, word.end);
    std::size_t begin = word.begin;
    for (std::size_t at = text.find(mark, begin); at != std::string_view::npos;
         at = text.find(mark, at + mark.size())) {
      whole.watch().spend(mark_bytes);
      if (at == begin || text.substr(begin, at - begin).ends_with(mark)) continue;
      parts.push_back({begin, at});
      begin = at;
    }
    if (begin < text.size()) parts.push_back({begin, text.size()});
  }

  ModelPointer model_;
};

}  // namespace

ModelPointer character_pair_model(const VocabularyPointer& vocabulary, const MergeList& merges,
                                  const BytePairOptions& options, Watch& watch) {
  const bool marked = !options.prefix.empty() || !options.suffix.empty();
  const bool cuttable = !options.ignore_merges && !marked && vocabulary->id(mark).has_value() &&
                        never_joins_marks(merges);
  MergeTable table = merge_table(*vocabulary, merges, watch, options.prefix);
  ModelPointer model = std::make_unique<BytePair>(character_alphabet(vocabulary, options),
                                                  std::move(table), options, watch);
  return cuttable ? std::make_unique<CutAtMarks>(std::move(model)) : std::move(model);
}

ModelPointer byte_pair_model(const VocabularyPointer& vocabulary, const MergeList& merges,
                             const BytePairOptions& options, Watch& watch) {
  MergeTable table = merge_table(*vocabulary, merges, watch);
  return std::make_unique<BytePair>(byte_alphabet(vocabulary, options), std::move(table), options,
                                    watch);
}

}  // namespace locus::tokenization
