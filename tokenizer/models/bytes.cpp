#include "tokenizer/models/bytes.hpp"

#include <utility>

#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

class ByteModel : public Model {
 public:
  explicit ByteModel(const std::array<int32_t, 256>& ids) : ids_(ids) {}

  void tokenize(const AlignedText& text, std::span<const Range> words,
                std::vector<Piece>& pieces) const override {
    const std::string_view bytes = text.view();
    for (const Range word : words) {
      text.watch().spend((word.end - word.begin) * Watch::bytes_per_token);
      for (std::size_t at = word.begin; at < word.end; ++at) {
        pieces.emplace_back(ids_[static_cast<unsigned char>(bytes[at])], at, at + 1);
      }
    }
  }

  std::string kind() const override { return "bytes"; }

 private:
  std::array<int32_t, 256> ids_;
};

class ByteDecoder : public Decoder {
 public:
  ByteDecoder(std::set<std::string> added, std::set<std::string> apart)
      : added_(std::move(added)), apart_(std::move(apart)) {}

  void decode(std::vector<std::string>& tokens, Watch& watch) const override {
    std::string text, bytes;
    bool open = false, empty = true;  // whether there are bytes, whether there is no part yet
    const auto put = [&](const std::string& part) {
      text += (empty ? "" : " ") + part;
      empty = false;
    };
    for (const std::string& token : tokens) {
      watch.spend(token.size());
      if (!apart_.contains(token)) {
        bytes += added_.contains(token) ? token : byte_of(token);
        open = true;
        continue;
      }
      if (const std::string part = repaired(bytes, ""); !part.empty()) put(part);
      put(token);
      bytes.clear();
      open = false;
    }
    if (open) put(repaired(bytes, ""));
    tokens.assign(1, std::move(text));
  }

 private:
  static std::string byte_of(const std::string& token) {
    return {static_cast<char>(code_point(token, 0).value)};
  }

  std::set<std::string> added_, apart_;
};

}  // namespace

ModelPointer byte_model(const std::array<int32_t, 256>& ids) {
  return std::make_unique<ByteModel>(ids);
}

std::string byte_character(unsigned b) {
  std::string character;
  append(character, static_cast<char32_t>(b));
  return character;
}

DecoderPointer byte_decoder(std::set<std::string> added, std::set<std::string> apart) {
  return std::make_unique<ByteDecoder>(std::move(added), std::move(apart));
}

}  // namespace locus::tokenization
