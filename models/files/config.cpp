#include "models/files/config.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "base/error.hpp"
#include "base/json/json.hpp"
#include "base/read_file.hpp"
#include "engine/activation.hpp"

namespace locus {
namespace {

/// Python writes numbers that JSON does not have; as texts they harm only a key that is read as a
/// number, which then names them.
std::string quote_numbers(std::string_view json) {
  std::string text;
  bool quoted = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted && c == '\\' && i + 1 < json.size()) {
      text += c;
      text += json[++i];
      continue;
    }
    if (c == '"') quoted = !quoted;
    size_t length = 0;
    for (const std::string_view name : {"-Infinity", "Infinity", "NaN"}) {
      if (!quoted && length == 0 && json.substr(i).starts_with(name)) length = name.size();
    }
    if (length == 0) {
      text += c;
      continue;
    }
    text += '"' + std::string(json.substr(i, length)) + '"';
    i += length - 1;
  }
  return text;
}

}  // namespace

Config::Config(std::string who, std::shared_ptr<const nlohmann::json> values)
    : who_(std::move(who)), values_(std::move(values)), read_(std::make_shared<ReadKeys>()) {}

Config Config::read(const std::filesystem::path& file) {
  constexpr uint64_t max_bytes = 64 << 20;  // thousands of times what any config takes
  return parse(file.string(), read_file(file, max_bytes));
}

Config Config::parse(std::string who, std::string_view json) {
  auto values = std::make_shared<nlohmann::json>(detail::parse_json(who, quote_numbers(json)));
  if (!values->is_object()) throw Error(who, "a JSON object", values->type_name());
  return {std::move(who), std::move(values)};
}

Config Config::with(std::string_view json) const {
  auto values = std::make_shared<nlohmann::json>(*values_);
  values->update(detail::parse_json(who_, json));
  Config copy(*this);
  copy.values_ = std::move(values);
  return copy;
}

Config Config::only(std::span<const std::string_view> keys) const {
  auto chosen = std::make_shared<nlohmann::json>(nlohmann::json::object());
  for (const std::string_view key : keys) {
    if (values_->contains(key)) (*chosen)[std::string(key)] = (*values_)[std::string(key)];
  }
  return {who_, chosen};
}

std::string Config::excerpt(const nlohmann::json& value) {
  constexpr size_t max_length = 60;
  std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (text.size() > max_length) text = text.substr(0, max_length) + "...";
  return text;
}

std::string Config::to_json() const {
  return values_->dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

void Config::note(std::string_view key) const {
  if (read_) read_->insert(at_ + std::string(key));
}

const nlohmann::json* Config::find(std::string_view key) const {
  note(key);
  const auto found = values_->find(std::string(key));
  return found == values_->end() || found->is_null() ? nullptr : &*found;
}

void Config::fail(std::string_view key, const std::string& expected,
                  const std::string& found) const {
  throw Error(who_, "'" + std::string(key) + "' to be " + expected, found);
}

bool Config::has(std::string_view key) const { return find(key) != nullptr; }

bool Config::is_null(std::string_view key) const {
  note(key);
  const auto found = values_->find(std::string(key));
  return found != values_->end() && found->is_null();
}

std::string_view Config::either(std::string_view key, std::string_view alias) const {
  const nlohmann::json* own = find(key);
  const nlohmann::json* other = find(alias);
  if (own && other && *own != *other) {
    fail(alias, "'" + std::string(key) + "' = " + excerpt(*own), excerpt(*other));
  }
  return other ? alias : key;
}

int64_t Config::between(Bounds bounds, std::string_view key, int64_t fallback) const {
  const nlohmann::json* value = find(key);
  if (!value) return fallback;
  const bool whole =
      value->is_number_integer() &&
      !(value->is_number_unsigned() && value->get<uint64_t>() > uint64_t{max_integer});
  const int64_t size = whole ? value->get<int64_t>() : -1;
  if (!whole || size < bounds.min || size > bounds.max) {
    fail(key,
         "a whole number from " + std::to_string(bounds.min) + " to " + std::to_string(bounds.max),
         excerpt(*value));
  }
  return size;
}

int64_t Config::count(std::string_view key, int64_t fallback, int64_t max) const {
  return between({1, max}, key, fallback);
}

int64_t Config::count_if_any(std::string_view key, int64_t fallback) const {
  const int64_t value = between({-max_integer, max_integer}, key, fallback);
  return value > 0 ? value : fallback;
}

void Config::expect(std::string_view key, int64_t value) const {
  const int64_t stated = count(key, value);
  if (stated != value) fail(key, std::to_string(value), std::to_string(stated));
}

int64_t Config::whole(std::string_view key, int64_t fallback) const {
  return between({0, max_integer}, key, fallback);
}

double Config::number(std::string_view key, double fallback) const {
  const nlohmann::json* value = find(key);
  if (!value) return fallback;
  if (!value->is_number() || !std::isfinite(value->get<double>())) {
    fail(key, "a number", excerpt(*value));
  }
  return value->get<double>();
}

bool Config::boolean(std::string_view key, bool fallback) const {
  const nlohmann::json* value = find(key);
  // transformers 4.49 takes null for false, 5 refuses it.
  if (!value && fallback && is_null(key)) fail(key, "true or false", "null");
  if (!value) return fallback;
  if (!value->is_boolean()) fail(key, "true or false", excerpt(*value));
  return value->get<bool>();
}

std::string Config::text(std::string_view key, std::string_view fallback) const {
  const nlohmann::json* value = find(key);
  if (!value) return std::string(fallback);
  if (!value->is_string()) fail(key, "a text", excerpt(*value));
  return value->get<std::string>();
}

std::string Config::activation(std::string_view key, std::string_view fallback) const {
  return known_activation(key, text(key, fallback));
}

std::string Config::known_activation(std::string_view key, std::string name) const {
  parse_activation(who_ + ": " + std::string(key), name);
  return name;
}

std::vector<int32_t> Config::ids_of(std::string_view key, const nlohmann::json& value) const {
  const nlohmann::json list = value.is_array() ? value : nlohmann::json::array({value});
  std::vector<int32_t> ids;
  for (const nlohmann::json& entry : list) {
    const bool whole = entry.is_number_integer() && entry.get<double>() >= 0 &&
                       entry.get<double>() <= static_cast<double>(max_integer);
    if (!whole) fail(key, "ids of tokens", excerpt(entry));
    ids.push_back(entry.get<int32_t>());
  }
  return ids;
}

std::vector<int32_t> Config::ids(std::string_view key) const {
  const nlohmann::json* value = find(key);
  return value && *value != -1 ? ids_of(key, *value) : std::vector<int32_t>();
}

std::vector<std::vector<int32_t>> Config::id_lists(std::string_view key) const {
  const nlohmann::json* value = find(key);
  if (!value) return {};
  if (!value->is_array()) fail(key, "a list of lists of ids", excerpt(*value));
  std::vector<std::vector<int32_t>> lists;
  for (const nlohmann::json& entry : *value) lists.push_back(ids_of(key, entry));
  return lists;
}

std::vector<std::string> Config::labels(std::string_view key) const {
  const nlohmann::json* value = find(key);
  if (!value) return {};
  if (!value->is_object()) fail(key, "names of classes by their ids", excerpt(*value));
  std::vector<std::string> labels;
  for (size_t id = 0; id < value->size(); ++id) {
    const auto found = value->find(std::to_string(id));
    if (found == value->end() || !found->is_string()) {
      fail(key, "a name for each class from 0 on", excerpt(*value));
    }
    labels.push_back(found->get<std::string>());
  }
  return labels;
}

std::vector<std::string> Config::names(std::string_view key) const {
  const nlohmann::json* value = find(key);
  if (!value) return {};
  if (value->is_string()) {
    std::vector<std::string> names;
    std::istringstream text(value->get<std::string>());
    for (std::string name; std::getline(text, name, '|');) names.push_back(name);
    return names;
  }
  const bool list = value->is_array() && std::ranges::all_of(*value, [](const auto& entry) {
                      return entry.is_string();
                    });
  if (!list) fail(key, "names", excerpt(*value));
  return value->get<std::vector<std::string>>();
}

int64_t Config::classes() const {
  const auto named = static_cast<int64_t>(labels("id2label").size());
  const int64_t counted = count("num_labels", 2);
  return named > 0 ? named : counted;  // as the reference resolves the two
}

Config Config::object(std::string_view key) const {
  const nlohmann::json* value = find(key);
  if (value && !value->is_object()) fail(key, "an object", excerpt(*value));
  Config inside(*this);
  inside.values_ = value ? std::make_shared<nlohmann::json>(*value)
                         : std::make_shared<nlohmann::json>(nlohmann::json::object());
  if (value) inside.who_ += ": " + std::string(key);
  inside.at_ += std::string(key) + ".";
  if (read_) read_->insert(inside.at_);  // opened: each of its keys counts
  return inside;
}

std::string Config::architecture(const std::vector<std::string>& known,
                                 std::string fallback) const {
  const nlohmann::json* value = find("architectures");
  if (!value || (value->is_array() && value->empty())) return fallback;
  if (!value->is_array() || !value->front().is_string()) {
    fail("architectures", "a list of names", excerpt(*value));
  }
  std::string name = value->front().get<std::string>();
  if (std::ranges::find(known, name) != known.end()) return name;
  std::string list;
  for (const std::string& each : known) list += (list.empty() ? "" : ", ") + each;
  fail("architectures", "one of " + list + " (or a class to be named with --class)", name);
}

int64_t Config::share(std::string_view whole_key, int64_t whole, std::string_view parts_key,
                      int64_t parts) const {
  if (whole % parts != 0) {
    fail(whole_key, "a multiple of '" + std::string(parts_key) + "' = " + std::to_string(parts),
         std::to_string(whole));
  }
  return whole / parts;
}

}  // namespace locus
