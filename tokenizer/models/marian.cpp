#include "tokenizer/models/marian.hpp"

#include <set>

#include "tokenizer/guest/guest.hpp"
#include "tokenizer/models/word_cutter.hpp"
#include "tokenizer/text/replacing.hpp"
#include "tokenizer/text/unicode.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

/// The pieces of a SentencePiece model with ids of a vocabulary apart from it.
class PieceModel : public Model {
 public:
  PieceModel(const std::filesystem::path& path, PieceVocabulary vocabulary, Watch& watch)
      : guest_(open_guest(path, watch)), vocabulary_(std::move(vocabulary)) {}

  void tokenize(const AlignedText& text, std::span<const Range> words,
                std::vector<Piece>& pieces) const override {
    for_each_word(text, words, [&](Range word, std::string_view spelling) {
      add_word(spelling, word.begin, pieces);
    });
  }

  std::string kind() const override { return "SentencePiece"; }

 protected:
  int32_t id(std::string_view piece) const {
    return vocabulary_.vocabulary->id(piece).value_or(vocabulary_.unknown);
  }
  const Guest& guest() const { return *guest_; }

 private:
  virtual void add_word(std::string_view word, std::size_t offset,
                        std::vector<Piece>& pieces) const {
    guest_->cut(word, [&](const GuestPiece& piece) {
      pieces.push_back({id(piece.text), offset + piece.begin, offset + piece.end});
    });
  }

  std::unique_ptr<const Guest> guest_;
  PieceVocabulary vocabulary_;
};

// The text without its language codes, `>>.+<<` within a line, and where its bytes came from.
struct Uncoded {
  std::string text;
  std::vector<uint32_t> origins;  // of each byte, and of the end
  std::size_t code_size = 0;      // of the code at the very beginning
};

/// Where the codes of a text end: each goes on to the last `<<` of its line.
class CodeEnds {
 public:
  explicit CodeEnds(std::string_view text) : text_(text) {}

  /// Of one that begins at byte `at`, which is never before the last one; `at` where none does.
  std::size_t operator()(std::size_t at) {
    constexpr std::size_t min_size = 5;  // >>x<<
    if (at >= line_end_) go_to_line(at);
    const bool begins = text_.compare(at, 2, ">>") == 0;
    return begins && end_ >= at + min_size ? end_ : at;
  }

 private:
  void go_to_line(std::size_t at) {
    line_end_ = std::min(text_.find('\n', at), text_.size() - 1) + 1;
    const std::size_t last = text_.substr(at, line_end_ - at).rfind("<<");
    end_ = last == std::string_view::npos ? 0 : at + last + 2;
  }

  std::string_view text_;
  std::size_t line_end_ = 0, end_ = 0;
};

Uncoded without_codes(std::string_view text) {
  Uncoded uncoded;
  CodeEnds ends(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = ends(at);
    if (end == at) {
      uncoded.text += text[at];
      uncoded.origins.push_back(static_cast<uint32_t>(at++));
      continue;
    }
    if (at == 0) uncoded.code_size = end;
    at = end;
  }
  uncoded.origins.push_back(static_cast<uint32_t>(text.size()));
  return uncoded;
}

class MarianModel : public PieceModel {
 public:
  using PieceModel::PieceModel;

 private:
  void add_word(std::string_view word, std::size_t offset,
                std::vector<Piece>& pieces) const override {
    const Uncoded uncoded = without_codes(word);
    const std::size_t code = uncoded.code_size;
    if (code > 0) pieces.push_back({id(word.substr(0, code)), offset, offset + code});
    guest().cut(uncoded.text, [&](const GuestPiece& piece) {
      const uint32_t begin = uncoded.origins[piece.begin];
      const uint32_t end = piece.end > piece.begin ? uncoded.origins[piece.end - 1] + 1 : begin;
      pieces.push_back({id(piece.text), offset + begin, offset + end});
    });
  }
};

std::string stripped(std::string_view text) {
  while (!text.empty() && is_white_space(code_point(text, 0).value)) {
    text.remove_prefix(code_point(text, 0).size);
  }
  while (!text.empty()) {
    const std::size_t last = previous(text, text.size());
    if (!is_white_space(code_point(text, last).value)) break;
    text = text.substr(0, last);
  }
  return std::string(text);
}

class MarianDecoder : public Decoder {
 public:
  MarianDecoder(const std::filesystem::path& path, const std::vector<AddedToken>& added,
                Watch& watch)
      : guest_(open_guest(path, watch)) {
    for (const AddedToken& token : added) {
      (token.special ? special_ : apart_).insert(token.content);
    }
  }

  void decode(std::vector<std::string>& tokens, Watch& watch) const override {
    std::vector<std::string> texts, pieces;
    const auto finish = [&] {
      if (pieces.empty()) return;
      if (std::string text = put_together(pieces); !text.empty()) texts.push_back(std::move(text));
      pieces.clear();
    };
    for (std::string& token : tokens) {
      watch.spend(token.size());
      if (apart_.contains(token)) {
        finish();
        texts.push_back(std::move(token));
      } else {
        pieces.push_back(std::move(token));
      }
    }
    finish();
    std::string all;
    for (const std::string& text : texts) all += (all.empty() ? "" : " ") + text;
    tokens.assign(1, all);
  }

 private:
  std::string put_together(const std::vector<std::string>& tokens) const {
    std::string text;
    std::vector<std::string> pieces;
    for (const std::string& token : tokens) {
      if (!special_.contains(token)) {
        pieces.push_back(token);
        continue;
      }
      text += join(*guest_, pieces) + token + " ";
      pieces.clear();
    }
    text += join(*guest_, pieces);
    replace_all(text, "\u2581", " ");
    return stripped(text);
  }

  std::unique_ptr<const Guest> guest_;
  std::set<std::string, std::less<>> special_, apart_;
};

class PieceDecoder : public Decoder {
 public:
  PieceDecoder(const std::filesystem::path& path, const std::vector<AddedToken>& added,
               Watch& watch)
      : guest_(open_guest(path, watch)) {
    for (const AddedToken& token : added) {
      if (token.special) special_.insert(token.content);
    }
  }

  void decode(std::vector<std::string>& tokens, Watch& watch) const override {
    std::string text;
    std::vector<std::string> pieces;
    for (std::string& token : tokens) {
      watch.spend(token.size());
      if (!special_.contains(token)) {
        pieces.push_back(std::move(token));
        continue;
      }
      text += join(*guest_, pieces) + token;
      pieces.clear();
    }
    tokens.assign(1, stripped(text + join(*guest_, pieces)));
  }

 private:
  std::unique_ptr<const Guest> guest_;
  std::set<std::string, std::less<>> special_;
};

}  // namespace

ModelPointer piece_model(const std::filesystem::path& model, PieceVocabulary vocabulary,
                         Watch& watch) {
  return std::make_unique<PieceModel>(model, std::move(vocabulary), watch);
}

DecoderPointer piece_decoder(const std::filesystem::path& model,
                             const std::vector<AddedToken>& added, Watch& watch) {
  return std::make_unique<PieceDecoder>(model, added, watch);
}

ModelPointer marian_model(const std::filesystem::path& model, PieceVocabulary vocabulary,
                          Watch& watch) {
  return std::make_unique<MarianModel>(model, std::move(vocabulary), watch);
}

DecoderPointer marian_decoder(const std::filesystem::path& model,
                              const std::vector<AddedToken>& added, Watch& watch) {
  return std::make_unique<MarianDecoder>(model, added, watch);
}

}  // namespace locus::tokenization
