#include "tokenizer/guest/soundness.hpp"

#include <string>
#include <vector>

#include "tokenizer/text/darts.hpp"
#include "tokenizer/text/message.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

constexpr std::size_t max_piece_bytes = 4096;
constexpr std::size_t labels = 256;

// The library follows a text through the trie, and takes the place of a replacement from it,
// without asking whether either is there.
class MapCheck {
 public:
  MapCheck(std::string_view map, Watch& watch) : map_(map), watch_(watch) {
    const std::size_t size = map.size() < 4 ? 0 : little_endian(map, 0);
    units_ = size / 4;
    expect(units_ > 0 && size % 4 == 0 && size < map.size() - 4, "a trie, and texts after it");
    texts_ = map.substr(4 + size);
    expect(texts_.back() == '\0' && is_utf8(texts_), "texts in UTF-8 that end with a NUL byte");
    seen_.resize(units_);
    std::vector<std::size_t> places{0};
    seen_[0] = true;
    while (!places.empty()) {
      const std::size_t place = places.back();
      places.pop_back();
      follow(place, places);
    }
  }

 private:
  static void expect(bool sound, const char* what) {
    if (!sound) throw Error("precompiled_charsmap", what, "other bytes");
  }

  DartsUnit unit(std::size_t place) const { return {little_endian(map_, 4 + place * 4)}; }

  // Of 256 neighbours, those that a byte leads to from `place`.
  void follow(std::size_t place, std::vector<std::size_t>& places) {
    watch_.spend(labels);
    const DartsUnit from = unit(place);
    const std::size_t base = place ^ from.offset();
    expect((base | (labels - 1)) < units_, "a trie that stays within its bytes");
    if (place != 0 && from.has_value()) expect_text(unit(base).value());
    for (std::size_t label = 0; label < labels; ++label) {
      const std::size_t next = base ^ label;
      if (seen_[next] || unit(next).label() != label) continue;
      seen_[next] = true;
      places.push_back(next);
    }
  }

  void expect_text(std::size_t place) const {
    const bool begins =
        place < texts_.size() && (static_cast<unsigned char>(texts_[place]) & 0xC0) != 0x80;
    expect(begins, "a trie whose values are places of its texts");
  }

  std::string_view map_, texts_;
  Watch& watch_;
  std::size_t units_ = 0;
  std::vector<bool> seen_;
};

void expect_sound_piece(std::string_view bytes) {
  Message message(bytes);
  while (const auto field = message.next()) {
    if (!field->is(1, Field::Kind::bytes) || field->bytes.size() <= max_piece_bytes) continue;
    throw Error("SentencePiece model",
                "pieces of at most " + std::to_string(max_piece_bytes) + " bytes",
                std::to_string(field->bytes.size()));
  }
}

void expect_sound_normalizer(std::string_view bytes, Watch& watch) {
  Message message(bytes);
  while (const auto field = message.next()) {
    if (field->is(2, Field::Kind::bytes) && !field->bytes.empty()) MapCheck(field->bytes, watch);
  }
}

}  // namespace

void expect_sound_model(std::string_view bytes, Watch& watch) {
  Message message(bytes);
  while (const auto field = message.next()) {
    watch.spend(Watch::bytes_per_token);
    if (field->is(1, Field::Kind::bytes)) expect_sound_piece(field->bytes);
    const bool normalizes = field->is(3, Field::Kind::bytes) || field->is(5, Field::Kind::bytes);
    if (normalizes) expect_sound_normalizer(field->bytes, watch);
  }
}

}  // namespace locus::tokenization
