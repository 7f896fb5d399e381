#include "tests/support/extremes.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <set>
#include <vector>

#include "base/json/values.hpp"
#include "base/utf8.hpp"

namespace locus::tests {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t megabyte = 1 << 20, deep = 100'000, million = 1'000'000;
constexpr size_t max_bytes = 32 << 20;  // bytes of a document

constexpr const char* numbers[] = {
    "-9223372036854775808", "-1",    "0",      "1",      "2147483648", "9223372036854775807",
    "18446744073709551615", "1e308", "-1e308", "1e-320", "0.5"};
constexpr const char* values[] = {"null", "true", "\"\"", "\"x\"", "[]", "{}", "[[]]", "[-1]"};

std::string repeated(std::string_view part, size_t count) {
  std::string text;
  count = std::min(count, max_bytes / std::max<size_t>(1, part.size()));
  text.reserve(part.size() * count);
  for (size_t i = 0; i < count; ++i) text += part;
  return text;
}

/// A document with a mark in the place of one of its values, or of a key.
class Walk {
 public:
  explicit Walk(std::string_view json) : document_(Json::parse(json)) {}

  /// Calls `visit(place, value)` for each value, with `with` giving the document around it.
  template <class Visit>
  void each(const Visit& visit) {
    const Json flat = document_.flatten();
    for (const auto& [place, unused] : flat.items()) places(place);
    for (const std::string& place : places_) {
      at_ = Json::json_pointer(place);
      visit(place, document_.at(at_));
    }
  }

  /// The document with a text in the place of the value that is being visited.
  std::string with(std::string_view text) const {
    constexpr std::string_view mark = "\"@here@\"";
    Json changed = document_;
    changed[at_] = "@here@";
    std::string whole = changed.dump(-1, ' ', false, Json::error_handler_t::replace);
    whole.replace(whole.find(mark), mark.size(), text);
    return whole;
  }

  std::string without() const {
    Json changed = document_;
    Json& holder = changed.at(at_.parent_pointer());
    if (holder.is_array()) {
      holder.erase(std::stoul(at_.back()));
    } else {
      holder.erase(at_.back());
    }
    return changed.dump();
  }

 private:
  /// A value's place, and those of what holds it.
  void places(const std::string& place) {
    places_.insert("");
    for (size_t end = 0; end != std::string::npos;) {
      end = place.find('/', end + 1);
      places_.insert(place.substr(0, end));
    }
  }

  Json document_;
  std::set<std::string> places_;
  Json::json_pointer at_;
};

/// What a number is changed to.
std::vector<std::string> numbers_beside(const Json& value) {
  if (!value.is_number()) return {};
  std::vector<std::string> others(std::begin(numbers), std::end(numbers));
  if (value.is_number_integer() && std::abs(value.get<double>()) < 1e9) {
    for (const int64_t off : {-1, 1}) others.push_back(std::to_string(value.get<int64_t>() + off));
  }
  return others;
}

/// The items of a list or an object a million times, under names of their own.
std::string million_of(const Json& value) {
  const std::string each = value.empty() ? "0" : value.front().dump();
  if (value.is_array()) return "[" + repeated(each + ",", million) + each + "]";
  std::string all = "{";
  for (size_t i = 0; i < million && all.size() < max_bytes; ++i) {
    all += "\"" + std::to_string(i) + "\":" + each + ",";
  }
  return all + "\"x\":" + each + "}";
}

template <class Integer>
void each_integer(std::string_view bytes, size_t place, const TakeExtreme& take) {
  using Limits = std::numeric_limits<Integer>;
  if (place + sizeof(Integer) > bytes.size()) return;
  for (const int64_t value : {int64_t{Limits::min()}, int64_t{-1}, int64_t{0}, int64_t{1},
                              int64_t{1} << 31, int64_t{Limits::max()}, int64_t{1} << 16}) {
    const auto integer = static_cast<Integer>(value);
    std::string changed(bytes);
    std::memcpy(changed.data() + place, &integer, sizeof integer);
    take(changed, std::to_string(integer) + " at byte " + std::to_string(place));
  }
}

bool is_text(std::string_view file) { return utf8::is_utf8(file) && file.find('\0') == file.npos; }

void each_text_part(std::string_view file, const TakeExtreme& take) {
  if (Json::accept(file)) {
    each_json_value(file, take);
    each_json_size(file, take);
  } else {
    each_text_extreme(file, take);
  }
}

}  // namespace

void each_json_value(std::string_view json, const TakeExtreme& take) {
  Walk walk(json);
  walk.each([&](const std::string& place, const Json& value) {
    for (const std::string& number : numbers_beside(value)) {
      take(walk.with(number), place + " = " + number);
    }
    for (const char* other : values) take(walk.with(other), place + " = " + other);
    if (!place.empty()) take(walk.without(), place + " is gone");
  });
}

void each_json_size(std::string_view json, const TakeExtreme& take) {
  const std::string text = '"' + std::string(megabyte, 'x') + '"';
  const std::string list = std::string(deep, '[') + std::string(deep, ']');
  const std::string object = repeated("{\"a\":", deep) + "0" + std::string(deep, '}');
  Walk walk(json);
  walk.each([&](const std::string& place, const Json& value) {
    if (value.is_structured()) {
      take(walk.with(million_of(value)), place + " a million times");
    } else {
      take(walk.with(text), place + " of a megabyte");
    }
    take(walk.with(list), place + " of lists in lists");
    take(walk.with(object), place + " of objects in objects");
    if (!value.is_object()) return;
    const std::string each = value.empty() ? "0" : value.front().dump();
    take(walk.with("{" + text + ":" + each + "}"), place + " with a name of a megabyte");
  });
}

void each_text_extreme(std::string_view text, const TakeExtreme& take) {
  const auto with = [&](size_t begin, size_t end, std::string_view other) {
    return std::string(text.substr(0, begin)) + std::string(other) + std::string(text.substr(end));
  };
  std::set<char> seen;
  for (size_t at = 0; at < text.size();) {
    const auto is_digit = [&](size_t i) { return i < text.size() && std::isdigit(text[i]) != 0; };
    const auto is_letter = [&](size_t i) { return i < text.size() && std::isalpha(text[i]) != 0; };
    const std::string where = " at byte " + std::to_string(at);
    size_t end = at + 1;
    if (seen.insert(text[at]).second) {
      take(with(at, at, std::string(deep, text[at])), std::string("100,000 ") + text[at] + where);
    }
    if (is_digit(at)) {
      while (is_digit(end)) ++end;
      for (const char* number : numbers) take(with(at, end, number), number + where);
    } else if (is_letter(at)) {
      while (is_letter(end)) ++end;
      take(with(at, end, std::string(megabyte, 'x')), "a megabyte" + where);
    }
    at = end;
  }
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    take(with(at, end, repeated(text.substr(at, end - at), million)),
         "a million lines at byte " + std::to_string(at));
    at = end;
  }
}

void each_byte_extreme(std::string_view bytes, const TakeExtreme& take) {
  constexpr size_t looked_at = 1024;
  for (size_t place = 0; place < bytes.size(); ++place) {
    if (place >= looked_at && place + looked_at < bytes.size()) continue;
    each_integer<int32_t>(bytes, place, take);
    each_integer<int64_t>(bytes, place, take);
  }
}

void each_extreme(std::string_view file, const TakeExtreme& take) {
  if (is_text(file)) return each_text_part(file, take);
  if (!utf8::is_utf8(file)) return each_byte_extreme(file, take);
  for (size_t begin = 0; begin <= file.size();) {
    const size_t end = std::min(file.find('\0', begin), file.size());
    const std::string before(file.substr(0, begin)), after(file.substr(end));
    const auto whole = [&](const std::string& part, const std::string& what) {
      take(before + part + after, what + " of the part at byte " + std::to_string(begin));
    };
    if (end > begin) each_text_part(file.substr(begin, end - begin), whole);
    begin = end + 1;
  }
}

}  // namespace locus::tests
