// What a model reads: ids with their types, or rows of features.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../engine/session.hpp"
#include "../models/model.hpp"
#include "../tokenizer/tokenizer.hpp"

namespace locus {

/// Rows of features; of a map where the model reads images.
struct FeatureRows {
  MapSize map;
  std::vector<float> values;  ///< [rows, width]
};

/// One input of a model, owned.
struct ModelInput {
  std::vector<int32_t> ids;
  std::vector<int32_t> type_ids = {};
  FeatureRows features = {};

  /// What a session is given: it refers to the values that lie here.
  Sequence sequence(std::span<const float> positions = {}) const {
    return {ids, type_ids, positions, features.values, features.map};
  }
};

/// Throws Error for a text that is empty or no UTF-8, beginning with `who`.
void check_text(std::string_view who, std::string_view text);

/// A text, or two, as the tokenizer puts them for a model: with types of tokens where the reference
/// hands them on (`Tokenizer::gives_type_ids`), else with 0 for each.
EncodedText encode_for_model(const Tokenizer& tokenizer, std::string_view text,
                             const EncodeOptions& options = {});
EncodedText encode_pair_for_model(const Tokenizer& tokenizer, std::string_view first,
                                  std::string_view second, const EncodeOptions& options = {});

/// What a model reads together: the second text may be empty.
struct TextPair {
  std::string_view first, second = {};
};

/// A text as the tokenizer puts it for the model; with a second one where that is not empty.
/// Throws Error for texts that are empty or no UTF-8, and as `check_sequence` does.
ModelInput read_text(const Model& model, const Tokenizer& tokenizer, const TextPair& text,
                     const EncodeOptions& options = {});

/// A text that `Pipeline::generate` continues, as ids. Throws Error as `read_text` does.
std::vector<int32_t> read_prompt(const Model& model, const Tokenizer& tokenizer,
                                 std::string_view prompt, const EncodeOptions& options = {});
/// An empty prompt among others: the special tokens that the tokenizer adds, or the begin token.
/// Throws Error, beginning with `who`, where there is neither.
std::vector<int32_t> read_blank_prompt(const Model& model, const Tokenizer& tokenizer,
                                       std::string_view who, const EncodeOptions& options = {});

/// An image as pixel values of the model, by the folder's `preprocessor_config.json`.
/// `check` is called while it is read, and throws to end that.
FeatureRows read_image_features(const Model& model, const std::filesystem::path& file,
                                const std::function<void()>& check = {});
/// `[rows, width]`, or `[height, width, colours]` for a model of images. `who` names the array in
/// the Error for another shape and for values that are not finite.
FeatureRows read_features(const Model& model, std::string_view who, const Tensor& array);

/// Throws Error, beginning with `who`, unless the model reads that kind of input.
void expect_input(const Model& model, std::string_view who, GraphInput::Kind kind);

/// The length at which texts are cut by default: what the encoding can represent, where that is
/// limited, else the model's context, or the tables' capacity where that is larger.
int64_t default_length(const Model& model);
/// Tokens that a sequence may have, whatever the encoding: no model was trained on more, and one
/// whose encoding has no limit would run until the memory is full.
inline constexpr int64_t max_sequence_length = int64_t{1} << 20;
/// Refuses no ids at all, ids that the model's table of embeddings does not hold, more than the
/// encoding can represent, and more than `max_sequence_length`. An encoding without a limit goes on
/// beyond the context: see `Model::length_warning`.
void check_sequence(const Model& model, std::string_view who, std::span<const int32_t> ids);

}  // namespace locus
