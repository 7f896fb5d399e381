#include <cmath>

#include "base/error.hpp"
#include "base/json/is_text.hpp"
#include "tokenizer/json/components.hpp"
#include "tokenizer/models/byte_pair.hpp"
#include "tokenizer/models/unigram.hpp"
#include "tokenizer/models/word_piece.hpp"

namespace locus::tokenization {
namespace {

int32_t entry_id(const Json& value, const std::string& token) {
  return is_id(value) ? value.get<int32_t>()
                      : checked_id(value, "vocabulary entry '" + token + "'");
}

ModelPointer word_piece_from(const Json& json, const VocabularyPointer& vocabulary, Watch& watch) {
  WordPieceOptions options;
  options.unknown = string_or(json, "unk_token", options.unknown);
  options.prefix = string_or(json, "continuing_subword_prefix", options.prefix);
  // A word is cut in time that grows with its square where a vocabulary has pieces as long.
  constexpr int64_t max_characters = 4096;
  const int64_t characters = integer_or(json, "max_input_chars_per_word", 100);
  if (characters > max_characters) {
    throw Error("max_input_chars_per_word", "at most " + std::to_string(max_characters),
                std::to_string(characters));
  }
  options.max_word_length = static_cast<std::size_t>(std::max<int64_t>(characters, 0));
  return word_piece_model(vocabulary, options, watch);
}

// "left right", or ["left", "right"] in newer files.
std::pair<std::string, std::string> merge_from(const Json& json, std::size_t number) {
  const auto fail = [&] {
    throw Error("merge " + std::to_string(number), "two tokens", describe(json));
  };
  if (json.is_array()) {
    if (json.size() != 2 || !json[0].is_string() || !json[1].is_string()) fail();
    return {json[0].get<std::string>(), json[1].get<std::string>()};
  }
  if (!json.is_string()) fail();
  const auto& text = json.get_ref<const std::string&>();
  const std::size_t space = text.find(' ');
  if (space == std::string::npos || text.find(' ', space + 1) != std::string::npos) fail();
  return {text.substr(0, space), text.substr(space + 1)};
}

void refuse(const Json& json, std::string_view key) {
  const Json& value = value_or_null(json, key);
  const bool absent = value.is_null() || detail::is_text(value, "") || value == 0;
  if (!absent) throw Error("BPE." + std::string(key), "none", describe(value));
}

BytePairOptions byte_pair_options(const Json& json) {
  BytePairOptions options;
  if (!value_or_null(json, "unk_token").is_null()) options.unknown = string_at(json, "unk_token");
  options.fuse_unknown = bool_or(json, "fuse_unk", false);
  options.byte_fallback = bool_or(json, "byte_fallback", false);
  options.ignore_merges = bool_or(json, "ignore_merges", false);
  options.prefix = string_or(json, "continuing_subword_prefix", "");
  options.suffix = string_or(json, "end_of_word_suffix", "");
  return options;
}

ModelPointer byte_pair_from(const Json& json, const VocabularyPointer& vocabulary, bool byte_level,
                            Watch& watch) {
  refuse(json, "dropout");  // chance has no place in evaluation
  const BytePairOptions options = byte_pair_options(json);
  if (byte_level || options.byte_fallback) {
    refuse(json, "continuing_subword_prefix");
    refuse(json, "end_of_word_suffix");
  }
  MergeList merges;
  for (const Json& merge : array_at(json, "merges")) {
    watch.spend(Watch::bytes_per_token);
    merges.push_back(merge_from(merge, merges.size() + 1));
  }
  return byte_level ? byte_pair_model(vocabulary, merges, options, watch)
                    : character_pair_model(vocabulary, merges, options, watch);
}

ModelParts unigram_from(const Json& json, Watch& watch) {
  UnigramOptions options;
  std::vector<Vocabulary::Entry> entries;
  for (const Json& entry : array_at(json, "vocab")) {
    watch.spend(Watch::bytes_per_token);
    const bool fits = entry.is_array() && entry.size() == 2 && entry[0].is_string() &&
                      entry[1].is_number() && std::isfinite(entry[1].get<double>());
    if (!fits) {
      throw Error("vocab[" + std::to_string(entries.size()) + "]", "a token and its score",
                  describe(entry));
    }
    constexpr std::size_t max_bytes = 4096;  // each place of a text is compared with whole pieces
    const auto& piece = entry[0].get_ref<const std::string&>();
    if (piece.size() > max_bytes) {
      throw Error("vocab[" + std::to_string(entries.size()) + "]",
                  "a piece of at most " + std::to_string(max_bytes) + " bytes",
                  std::to_string(piece.size()));
    }
    entries.push_back({piece, static_cast<int32_t>(entries.size())});
    options.scores.push_back(entry[1].get<double>());
  }
  if (entries.empty()) throw Error("vocab", "tokens", "none");
  if (!value_or_null(json, "unk_id").is_null()) {
    options.unknown = entry_id(json["unk_id"], "unk_id");
  }
  options.byte_fallback = bool_or(json, "byte_fallback", false);
  auto vocabulary = std::make_shared<Vocabulary>(entries, watch);
  return {vocabulary, unigram_model(vocabulary, std::move(options))};
}

}  // namespace

std::string model_type_of(const Json& json) {
  if (json.contains("type")) return string_at(json, "type");
  if (json.contains("merges")) return "BPE";
  if (json.contains("continuing_subword_prefix")) return "WordPiece";
  return value_or_null(json, "vocab").is_array() ? "Unigram" : "WordLevel";
}

VocabularyPointer vocabulary_from(const Json& json, Watch& watch) {
  const Json& object = object_at(json, "vocab");
  std::vector<Vocabulary::Entry> entries;
  entries.reserve(object.size());
  for (const auto& [token, id] : object.items()) {
    watch.spend(Watch::bytes_per_token);
    entries.push_back({token, entry_id(id, token)});
  }
  if (entries.empty()) throw Error("vocab", "tokens", "none");
  return std::make_shared<Vocabulary>(entries, watch);
}

ModelParts model_from(const Json& json, bool byte_level, Watch& watch) {
  if (!json.is_object()) throw Error("model", "an object", describe(json));
  const std::string type = model_type_of(json);
  if (byte_level && type != "BPE") {
    throw Error("pre_tokenizer ByteLevel", "a BPE model", type);
  }
  if (type == "Unigram") return unigram_from(json, watch);
  if (type != "BPE" && type != "WordPiece" && type != "WordLevel") fail_unknown("model", type);
  VocabularyPointer vocabulary = vocabulary_from(json, watch);
  if (type == "BPE") return {vocabulary, byte_pair_from(json, vocabulary, byte_level, watch)};
  if (type == "WordPiece") return {vocabulary, word_piece_from(json, vocabulary, watch)};
  return {vocabulary, word_level_model(vocabulary, string_or(json, "unk_token", "<unk>"))};
}

}  // namespace locus::tokenization
