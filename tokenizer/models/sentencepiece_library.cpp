#include "tokenizer/models/sentencepiece_library.hpp"

#include <sentencepiece_processor.h>

#include "base/error.hpp"

namespace locus::tokenization {
namespace {

using Processor = sentencepiece::SentencePieceProcessor;
using ProcessorPointer = std::shared_ptr<const Processor>;

class LibraryModel : public Model {
 public:
  explicit LibraryModel(ProcessorPointer processor) : processor_(std::move(processor)) {}

  void tokenize(std::string_view text, std::span<const Range> words,
                std::vector<Piece>& pieces) const override {
    for (const Range word : words) {
      const auto cut =
          processor_->EncodeAsImmutableProto(text.substr(word.begin, word.end - word.begin));
      for (const auto& piece : cut.pieces()) {
        pieces.push_back({static_cast<int32_t>(piece.id()), word.begin + piece.begin(),
                          word.begin + piece.end()});
      }
    }
  }

  std::string kind() const override { return "SentencePiece"; }

 private:
  ProcessorPointer processor_;
};

class LibraryDecoder : public Decoder {
 public:
  explicit LibraryDecoder(ProcessorPointer processor) : processor_(std::move(processor)) {}

  void decode(std::vector<std::string>& tokens) const override {
    tokens.assign(1, processor_->DecodePieces(tokens));
  }

 private:
  ProcessorPointer processor_;
};

VocabularyPointer vocabulary_of(const Processor& processor) {
  std::vector<Vocabulary::Entry> entries;
  for (int id = 0; id < processor.GetPieceSize(); ++id) {
    entries.push_back({processor.IdToPiece(id), id});
  }
  return std::make_shared<Vocabulary>(entries);
}

std::optional<int32_t> known(int id) { return id < 0 ? std::nullopt : std::optional<int32_t>(id); }

}  // namespace

std::unique_ptr<Pipeline> sentencepiece_pipeline(const std::filesystem::path& path) {
  auto processor = std::make_shared<Processor>();
  if (const auto status = processor->Load(path.string()); !status.ok()) {
    throw Error(path.string(), "a SentencePiece model", status.ToString());
  }
  auto pipeline = std::make_unique<Pipeline>();
  pipeline->vocabulary = vocabulary_of(*processor);
  pipeline->model = std::make_unique<LibraryModel>(processor);
  pipeline->decoder = std::make_unique<LibraryDecoder>(processor);
  pipeline->special_ids.bos = known(processor->bos_id());
  pipeline->special_ids.eos = known(processor->eos_id());
  pipeline->special_ids.pad = known(processor->pad_id());
  pipeline->special_ids.unknown = known(processor->unk_id());
  return pipeline;
}

}  // namespace locus::tokenization
