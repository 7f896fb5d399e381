#include "tokenizer/decoders/decoder.hpp"
#include "tokenizer/models/byte_fallback.hpp"
#include "tokenizer/text/byte_spelling.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

class ByteLevelDecoder : public Decoder {
 public:
  void decode(std::vector<std::string>& tokens, Watch& watch) const override {
    std::string bytes;
    for (const std::string& token : tokens) {
      watch.spend(token.size());
      bytes += spelled_bytes(token).value_or(token);
    }
    tokens.assign(1, repaired(bytes));
  }
};

class ByteFallbackDecoder : public Decoder {
 public:
  void decode(std::vector<std::string>& tokens, Watch& watch) const override {
    std::vector<std::string> out;
    std::string bytes;
    for (std::string& token : tokens) {
      watch.spend(token.size());
      if (const auto byte = byte_of_token(token)) {
        bytes += *byte;
      } else {
        flush(bytes, out);
        out.push_back(std::move(token));
      }
    }
    flush(bytes, out);
    tokens = std::move(out);
  }

 private:
  static void flush(std::string& bytes, std::vector<std::string>& out) {
    if (bytes.empty()) return;
    if (is_utf8(bytes)) {
      out.push_back(bytes);
    } else {
      out.insert(out.end(), bytes.size(), "\uFFFD");
    }
    bytes.clear();
  }
};

}  // namespace

DecoderPointer byte_level_decoder() { return std::make_unique<ByteLevelDecoder>(); }
DecoderPointer byte_fallback_decoder() { return std::make_unique<ByteFallbackDecoder>(); }

}  // namespace locus::tokenization
