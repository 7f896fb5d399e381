#include "models/families/parts/direction.hpp"

#include "models/families/parts/head_matrix.hpp"

namespace locus::families {
namespace {

constexpr std::string_view key = "is_causal";

}  // namespace

bool sees_both_sides(const Config& config) {
  const bool causal = !config.is_null(key) && config.boolean(key, true);  // null counts as false
  if (!causal && !saved_by_transformers_5(config)) {
    config.fail(key, "true where transformers 5 did not write the config", "false");
  }
  return !causal;
}

void expect_one_side(const Config& config) {
  if (sees_both_sides(config)) config.fail(key, "true in this model type", "false");
}

}  // namespace locus::families
