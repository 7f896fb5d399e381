// How a model was trained, as the folder's training.json says (schema: tools/train/README.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace locus {

/// Loss on held-out text at some moment of the training, nats per target token.
struct TrainingPoint {
  int64_t tokens = 0;   ///< seen until then
  int64_t context = 0;  ///< of the rows that had been trained on until then
  double validation = 0;
  std::optional<double> validation_short = {};  ///< in rows of 64
};

struct Training {
  std::string kind, encoding;
  /// Every field of the recipe by its path (`adamw.peak_rate`, `schedule.0.context`), as JSON.
  std::map<std::string, std::string> recipe;
  std::string position_scale = "null";  ///< of rows that are added to token vectors, as JSON
  int64_t seed = 0;
  int64_t tokens_seen = 0;  ///< fewer than `recipe.tokens` in an unfinished run
  std::vector<TrainingPoint> curve;
  std::string json;  ///< the whole block

  /// SHA-256 of the vocabulary that it was trained with; empty where the recipe does not say.
  std::string vocabulary() const;
};

/// Throws Error `WHO: ...` for another format.
Training parse_training(std::string_view who, std::string_view json);
/// The block beside a model's weights; nothing where there is none.
std::optional<Training> find_training(const std::filesystem::path& folder);

/// Whether two models learned the same thing from the same text by the same steps.
bool trained_alike(const Training& a, const Training& b);
/// Whether two models differ in nothing but their seed.
bool one_configuration(const Training& a, const Training& b);

/// A field in which models differ.
struct RecipeDifference {
  std::string field;
  std::map<std::string, std::vector<std::string>> models;  ///< names by value, as JSON
};

/// A model's name, and its block where it has one.
struct NamedTraining {
  std::string name;
  const Training* training = nullptr;
};
/// Every field of the recipe, and the tokens seen, in which models with a block differ.
std::vector<RecipeDifference> recipe_differences(const std::vector<NamedTraining>& models);

}  // namespace locus
