// The module around the SentencePiece library: the only place that names it.
#include <sentencepiece_processor.h>

#include "tokenizer/guest/interface.hpp"

namespace locus::tokenization {
namespace {

class Library : public Guest {
 public:
  sentencepiece::util::Status load(std::string_view bytes) {
    return processor_.LoadFromSerializedProto(absl::string_view(bytes.data(), bytes.size()));
  }

  int size() const override { return processor_.GetPieceSize(); }

  GuestIds ids() const override {
    return {processor_.bos_id(), processor_.eos_id(), processor_.pad_id(), processor_.unk_id()};
  }

  void spell(int id, const TakeText& take) const override { take(processor_.IdToPiece(id)); }

  void cut(std::string_view text, const TakePiece& take) const override {
    const auto cut = processor_.EncodeAsImmutableProto(absl::string_view(text.data(), text.size()));
    for (const auto& piece : cut.pieces()) {
      take({piece.piece(), static_cast<int32_t>(piece.id()), piece.begin(), piece.end()});
    }
  }

  void join(std::span<const std::string> pieces, const TakeText& take) const override {
    take(processor_.DecodePieces(std::vector<std::string>(pieces.begin(), pieces.end())));
  }

 private:
  sentencepiece::SentencePieceProcessor processor_;
};

}  // namespace
}  // namespace locus::tokenization

extern "C" [[gnu::visibility("default")]] locus::tokenization::Guest* locus_open_sentencepiece(
    std::string_view bytes, const locus::tokenization::TakeText& refused) {
  auto library = std::make_unique<locus::tokenization::Library>();
  if (const auto status = library->load(bytes); !status.ok()) {
    refused(status.ToString());
    return nullptr;
  }
  return library.release();
}
