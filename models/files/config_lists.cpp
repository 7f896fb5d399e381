// Lists of a config.
#include <algorithm>
#include <cmath>

#include "base/json/values.hpp"
#include "models/files/config.hpp"

namespace locus {

bool Config::is_empty(std::string_view key) const {
  const nlohmann::json* value = find(key);
  return !value || *value == false || (value->is_structured() && value->empty());
}

bool Config::is_text(std::string_view key) const {
  const nlohmann::json* value = find(key);
  return value && value->is_string();
}

std::vector<int64_t> Config::counts(std::string_view key, std::vector<int64_t> fallback,
                                    int64_t max) const {
  const nlohmann::json* value = find(key);
  if (!value) return fallback;
  if (!value->is_array()) fail(key, "a list", excerpt(*value));
  std::vector<int64_t> counts;
  for (const nlohmann::json& entry : *value) {
    const bool whole = entry.is_number_integer() && entry.get<double>() >= 1 &&
                       entry.get<double>() <= static_cast<double>(max);
    if (!whole) fail(key, "whole numbers from 1 to " + std::to_string(max), excerpt(entry));
    counts.push_back(entry.get<int64_t>());
  }
  if (counts.empty()) fail(key, "at least one number", excerpt(*value));
  return counts;
}

std::vector<int64_t> Config::counts_of_each(std::string_view key, int64_t parts, int64_t fallback,
                                            int64_t max) const {
  const nlohmann::json* value = find(key);
  if (!value || !value->is_array()) {
    return std::vector<int64_t>(static_cast<size_t>(parts), count(key, fallback, max));
  }
  std::vector<int64_t> list = counts(key, {}, max);
  if (std::ssize(list) != parts) {
    fail(key, "one number, or a list of " + std::to_string(parts), std::to_string(list.size()));
  }
  return list;
}

std::vector<double> Config::numbers(std::string_view key) const {
  const nlohmann::json* value = find(key);
  if (!value) return {};
  const bool list = value->is_array() && std::ranges::all_of(*value, [](const auto& entry) {
                      return entry.is_number() && std::isfinite(entry.template get<double>());
                    });
  if (!list) fail(key, "a list of numbers", excerpt(*value));
  return value->get<std::vector<double>>();
}

std::vector<std::pair<std::vector<int32_t>, double>> Config::weighted_ids(
    std::string_view key) const {
  const nlohmann::json* value = find(key);
  if (!value) return {};
  const std::string expected = "a list of [ids, number]";
  if (!value->is_array()) fail(key, expected, excerpt(*value));
  std::vector<std::pair<std::vector<int32_t>, double>> list;
  for (const nlohmann::json& entry : *value) {
    if (!entry.is_array() || entry.size() != 2 || !entry[1].is_number()) {
      fail(key, expected, excerpt(entry));
    }
    list.emplace_back(ids_of(key, entry[0]), entry[1].get<double>());
  }
  return list;
}

namespace {

bool is_repetition(const nlohmann::json& entry) {
  return entry.is_array() && entry.size() == 2 && entry[0].is_array() &&
         entry[1].is_number_unsigned() &&
         std::ranges::all_of(entry[0], [](const auto& name) { return name.is_string(); });
}

}  // namespace

std::vector<std::string> Config::repeated_names(std::string_view key, int64_t count) const {
  const nlohmann::json* value = find(key);
  if (!value) return {};
  if (!value->is_array() || !std::ranges::all_of(*value, is_repetition)) {
    fail(key, "a list of [names, times]", excerpt(*value));
  }
  const auto wanted = static_cast<size_t>(count);
  std::vector<std::string> names;
  for (const nlohmann::json& entry : *value) {
    const auto times = entry[1].get<uint64_t>();
    // A long list ends here, whatever it claims.
    for (uint64_t time = 0; time < times && !entry[0].empty() && names.size() <= wanted; ++time) {
      for (const nlohmann::json& name : entry[0]) names.push_back(name.get<std::string>());
    }
  }
  if (names.size() != wanted) {
    fail(key, "of " + std::to_string(count) + " layers", excerpt(*value));
  }
  return names;
}

std::vector<bool> Config::booleans(std::string_view key) const {
  const nlohmann::json* value = find(key);
  if (!value) return {};
  const bool list = value->is_array() && std::ranges::all_of(*value, [](const auto& entry) {
                      return entry.is_boolean();
                    });
  if (!list) fail(key, "a list of true and false", excerpt(*value));
  return value->get<std::vector<bool>>();
}

}  // namespace locus
