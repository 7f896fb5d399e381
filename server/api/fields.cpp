#include "server/api/fields.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/close_names.hpp"
#include "base/error.hpp"

namespace locus::server {
namespace {

constexpr std::array<std::string_view, 3> harmless = {"user", "metadata", "store"};

std::string number_text(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string range_text(const Limits& limits) {
  if (limits.max >= 1e15) return "at least " + number_text(limits.min);
  return "from " + number_text(limits.min) + " to " + number_text(limits.max);
}

}  // namespace

std::optional<JsonPlace> field(const JsonPlace& body, std::string_view name) {
  auto place = body.find(name);
  return place && place->value().is_null() ? std::nullopt : place;
}

std::optional<std::string> text_field(const JsonPlace& body, std::string_view name) {
  const auto place = field(body, name);
  if (!place) return std::nullopt;
  return place->text();
}

std::optional<double> number_field(const JsonPlace& body, std::string_view name, Limits limits) {
  const auto place = field(body, name);
  if (!place) return std::nullopt;
  const std::string expected = "a number " + range_text(limits);
  if (!place->value().is_number()) place->refuse(expected);
  const auto value = place->value().get<double>();
  if (!(value >= limits.min && value <= limits.max)) place->refuse(expected);
  return value;
}

std::optional<int64_t> integer_field(const JsonPlace& body, std::string_view name, Limits limits) {
  const auto place = field(body, name);
  if (!place) return std::nullopt;
  const std::string expected = "an integer " + range_text(limits);
  if (!place->value().is_number_integer()) place->refuse(expected);
  const auto number = place->value().get<double>();
  if (number < limits.min || number > limits.max) place->refuse(expected);
  return place->integer();
}

std::vector<std::string> texts_of(const JsonPlace& place) {
  if (place.value().is_string()) return {place.text()};
  if (!place.value().is_array()) place.refuse("a text or a list of texts");
  std::vector<std::string> texts;
  for (const JsonPlace& item : place.items()) texts.push_back(item.text());
  return texts;
}

Ids ids_of(const JsonPlace& place) {
  Ids ids;
  for (const JsonPlace& item : place.items()) {
    const int64_t id = item.integer();
    if (id < 0 || id > std::numeric_limits<int32_t>::max()) item.refuse("a token id");
    ids.push_back(static_cast<int32_t>(id));
  }
  return ids;
}

std::vector<Prompt> prompts_of(const JsonPlace& place) {
  if (place.value().is_string()) return {place.text()};
  const auto items = place.items();
  if (items.empty()) place.refuse("a text, token ids, or a list of these");
  if (items.front().value().is_number()) return {PromptIds(ids_of(place))};
  std::vector<Prompt> prompts;
  for (const JsonPlace& item : items) {
    if (item.value().is_string()) {
      prompts.emplace_back(item.text());
    } else if (item.value().is_array()) {
      prompts.emplace_back(PromptIds(ids_of(item)));
    } else {
      item.refuse("a text or a list of token ids");
    }
  }
  return prompts;
}

void refuse_both(std::string_view one, std::string_view other) {
  throw Error("body", "one of '" + std::string(one) + "' and '" + std::string(other) + "'", "both");
}

void expect_fields(const JsonPlace& body, std::initializer_list<std::string_view> known) {
  for (const auto& [name, place] : body.members()) {
    if (std::ranges::find(known, name) != known.end()) continue;
    if (std::ranges::find(harmless, name) != harmless.end()) continue;
    const std::vector<std::string> names(known.begin(), known.end());
    std::string expected = "fields of this route";
    for (const std::string& close : close_names(name, names)) {
      expected += (expected.ends_with("route") ? ", such as " : ", ") + close;
    }
    throw Error(body.where(), expected, "'" + name + "'");
  }
}

}  // namespace locus::server
