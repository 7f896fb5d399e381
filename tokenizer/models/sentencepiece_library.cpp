#include "tokenizer/models/sentencepiece_library.hpp"

#include "tokenizer/guest/guest.hpp"
#include "tokenizer/models/word_cutter.hpp"

namespace locus::tokenization {
namespace {

using GuestPointer = std::shared_ptr<const Guest>;

class LibraryModel : public Model {
 public:
  explicit LibraryModel(GuestPointer guest) : guest_(std::move(guest)) {}

  void tokenize(const AlignedText& text, std::span<const Range> words,
                std::vector<Piece>& pieces) const override {
    for_each_word(text, words, [&](Range word, std::string_view spelling) {
      guest_->cut(spelling, [&](const GuestPiece& piece) {
        pieces.push_back({piece.id, word.begin + piece.begin, word.begin + piece.end});
      });
    });
  }

  std::string kind() const override { return "SentencePiece"; }

 private:
  GuestPointer guest_;
};

class LibraryDecoder : public Decoder {
 public:
  explicit LibraryDecoder(GuestPointer guest) : guest_(std::move(guest)) {}

  void decode(std::vector<std::string>& tokens, Watch& watch) const override {
    watch.ask();
    tokens.assign(1, join(*guest_, tokens));
  }

 private:
  GuestPointer guest_;
};

VocabularyPointer vocabulary_of(const Guest& guest, Watch& watch) {
  std::vector<Vocabulary::Entry> entries;
  for (int id = 0; id < guest.size(); ++id) {
    watch.spend(Watch::bytes_per_token);
    guest.spell(id, [&](std::string_view token) { entries.push_back({std::string(token), id}); });
  }
  return std::make_shared<Vocabulary>(entries, watch);
}

std::optional<int32_t> known(int id) { return id < 0 ? std::nullopt : std::optional<int32_t>(id); }

}  // namespace

std::unique_ptr<Pipeline> sentencepiece_pipeline(const std::filesystem::path& path, Watch& watch) {
  const GuestPointer guest = open_guest(path, watch);
  const GuestIds ids = guest->ids();
  auto pipeline = std::make_unique<Pipeline>();
  pipeline->vocabulary = vocabulary_of(*guest, watch);
  pipeline->model = std::make_unique<LibraryModel>(guest);
  pipeline->decoder = std::make_unique<LibraryDecoder>(guest);
  pipeline->special_ids.bos = known(ids.bos);
  pipeline->special_ids.eos = known(ids.eos);
  pipeline->special_ids.pad = known(ids.pad);
  pipeline->special_ids.unknown = known(ids.unknown);
  return pipeline;
}

}  // namespace locus::tokenization
