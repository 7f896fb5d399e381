#include "models/families/parts/head_matrix.hpp"

#include <algorithm>
#include <cstdlib>

namespace locus::families {
namespace {

constexpr std::string_view tying_key = "tie_word_embeddings";

bool same_stored_values(const Weights& weights, const std::string& left, const std::string& right) {
  if (weights.at(left).shape != weights.at(right).shape) return false;
  // As a rule both have one type and order, and no value need be converted.
  if (weights.same_bytes(left, right)) return true;
  const Tensor first = weights.f32(left), second = weights.f32(right);
  return std::ranges::equal(first.values(), second.values());
}

[[noreturn]] void refuse_head(const Config& config, bool expected, const std::string& where) {
  const std::string found = expected ? "false" : "true";
  config.fail(tying_key, (expected ? "true where " : "false where ") + where,
              config.has(tying_key) ? found : "none, which stands for " + found);
}

}  // namespace

bool ties_words(const Config& config, bool fallback) {
  // transformers takes null for false.
  return !config.is_null(tying_key) && config.boolean(tying_key, fallback);
}

bool saved_by_transformers_5(const Config& config) {
  const std::string version = config.text("transformers_version", "");
  return std::atoi(version.c_str()) >= 5;
}

std::string head_matrix(const Config& config, const Weights& weights, const HeadMatrices& names) {
  const bool stored = weights.contains(names.own);
  if (!ties_words(config, names.tied)) {
    // A file without the table either has other names altogether, which reading it tells.
    const bool lost = !stored && weights.contains(names.table);
    if (lost) refuse_head(config, true, "no '" + names.own + "' is stored");
    return names.own;
  }
  if (stored && names.own != names.table && weights.contains(names.table)) {
    const bool same = same_stored_values(weights, names.own, names.table);
    for (const std::string& name : {names.own, names.table}) weights.release(name);
    if (!same && saved_by_transformers_5(config)) return names.own;  // what it stores, it reads
    if (!same) {
      refuse_head(config, false, "'" + names.own + "' and '" + names.table + "' differ");
    }
  }
  return names.table;
}

}  // namespace locus::families
