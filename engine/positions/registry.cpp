#include "engine/scheme.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <sstream>

#include "base/error.hpp"

namespace locus {

namespace positions {
#define LOCUS_SCHEME(name) Scheme name();
#include "engine/positions/schemes.inc"
#undef LOCUS_SCHEME
}  // namespace positions

namespace {

std::vector<Scheme> registered() {
  return {
#define LOCUS_SCHEME(name) positions::name(),
#include "engine/positions/schemes.inc"
#undef LOCUS_SCHEME
  };
}

const Scheme* find_in(std::span<const Scheme> known, std::string_view name) {
  const auto found = std::ranges::find(known, name, &Scheme::name);
  return found == known.end() ? nullptr : &*found;
}

bool is_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '_';
}

// Letters, digits and _, of which the first is no digit.
bool is_word(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, is_letter) &&
         !(name[0] >= '0' && name[0] <= '9');
}

std::string listed(const auto& named) {
  std::string names;
  for (const auto& item : named) names += (names.empty() ? "" : ", ") + item.name;
  return names.empty() ? "no parameters" : names;
}

const SchemeParameter& find_parameter(const Scheme& scheme, std::string_view name) {
  const auto found = std::ranges::find(scheme.parameters, name, &SchemeParameter::name);
  if (found != scheme.parameters.end()) return *found;
  if (scheme.definition && is_word(name)) return *scheme.definition;
  throw Error(scheme.name, "parameters " + listed(scheme.parameters),
              "'" + std::string(name) + "'");
}

// A list as its text form has it, `1/1.5/2`; a number alone is a list of one.
std::optional<std::vector<double>> listed_numbers(const Attribute& value) {
  std::vector<double> numbers;
  std::istringstream text(to_string(value));
  for (std::string part; std::getline(text, part, '/');) {
    const Attribute parsed = parse_attribute(part);
    if (std::holds_alternative<int64_t>(parsed)) {
      numbers.push_back(static_cast<double>(std::get<int64_t>(parsed)));
    } else if (std::holds_alternative<double>(parsed)) {
      numbers.push_back(std::get<double>(parsed));
    } else {
      return std::nullopt;
    }
  }
  return numbers;
}

// A value as the type of the parameter's default: integers are numbers, and anything is a text.
Attribute converted(const Scheme& scheme, const SchemeParameter& parameter,
                    const Attribute& value) {
  const auto* number = std::get_if<double>(&value);
  if (number && !std::isfinite(*number)) {
    throw Error(scheme.name, parameter.name + " to be finite", "'" + to_string(value) + "'");
  }
  if (value.index() == parameter.value.index()) return value;
  const bool integer = std::holds_alternative<int64_t>(value);
  if (std::holds_alternative<std::string>(parameter.value)) return to_string(value);
  if (std::holds_alternative<double>(parameter.value) && integer) {
    return static_cast<double>(std::get<int64_t>(value));
  }
  if (std::holds_alternative<Numbers>(parameter.value)) {
    if (const auto numbers = listed_numbers(value)) return *numbers;
  }
  constexpr const char* types[] = {"true or false", "an integer", "a number", "a text", "numbers"};
  throw Error(scheme.name, parameter.name + " to be " + types[parameter.value.index()],
              "'" + to_string(value) + "'");
}

Attributes checked(const Scheme& scheme, const Attributes& given) {
  Attributes result;
  for (const auto& [name, value] : given.values()) {
    result.set(name, converted(scheme, find_parameter(scheme, name), value));
  }
  return result;
}

Attributes completed(const Scheme& scheme, const Attributes& given) {
  Attributes result = checked(scheme, given);
  for (const SchemeParameter& parameter : scheme.parameters) {
    if (!result.contains(parameter.name)) result.set(parameter.name, parameter.value);
  }
  return result;
}

// Where `separator` stands outside of brackets.
size_t find_outside(std::string_view text, char separator, size_t from = 0) {
  int depth = 0;
  for (size_t at = from; at < text.size(); ++at) {
    if (text[at] == separator && depth <= 0) return at;
    if (text[at] == '(' || text[at] == '[') ++depth;
    if (text[at] == ')' || text[at] == ']') --depth;
  }
  return text.size();
}

// The text up to `separator`, which `text` is advanced past.
std::string_view next_part(std::string_view& text, char separator) {
  const size_t end = find_outside(text, separator);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

std::string_view without_spaces(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(' '), text.size());
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

SchemeChoice parse_link(std::string_view text, std::span<const Scheme> own) {
  const std::string_view name = next_part(text, ':');
  const Scheme& scheme = find_scheme(name, own);
  Attributes given;
  while (!text.empty()) {
    std::string_view value = next_part(text, ',');
    const std::string_view key = without_spaces(next_part(value, '='));
    if (key.empty() || value.empty()) {
      throw Error(name, "parameters written key=value", "'" + std::string(key) + "'");
    }
    if (given.contains(key)) throw Error(name, "each parameter once", std::string(key) + " twice");
    given.set(std::string(key), parse_attribute(value));
  }
  return {scheme.name, checked(scheme, given)};
}

bool is_scheme(std::string_view name, std::span<const Scheme> own) {
  const auto knows = [&](auto known) {
    return std::ranges::find(known, name, &Scheme::name) != known.end();
  };
  return knows(schemes()) || knows(own);
}

// Where the next link begins: at a plus before a letter, as a number may be written 1e+06; in
// formulas, which have sums, at a plus before a scheme.
size_t link_end(std::string_view text, std::span<const Scheme> own) {
  const std::string_view name = text.substr(0, text.find_first_of(":+"));
  const bool formulas = is_scheme(name, own) && find_scheme(name, own).definition;
  for (size_t at = find_outside(text, '+'); at + 1 < text.size();
       at = find_outside(text, '+', at + 1)) {
    const std::string_view rest = text.substr(at + 1);
    const bool number = rest[0] >= '0' && rest[0] <= '9';
    if (!number && !formulas) return at;
    if (formulas && is_scheme(rest.substr(0, rest.find_first_of(":+")), own)) return at;
  }
  return text.size();
}

}  // namespace

std::span<const Scheme> schemes() {
  static const std::vector<Scheme> registry = registered();
  return registry;
}

std::vector<std::string> scheme_names() {
  std::vector<std::string> names;
  for (const Scheme& scheme : schemes()) names.push_back(scheme.name);
  return names;
}

const Scheme& find_scheme(std::string_view name, std::span<const Scheme> own) {
  for (const auto known : {schemes(), own}) {
    if (const Scheme* found = find_in(known, name)) return *found;
  }
  const std::string names = listed(schemes()) + (own.empty() ? "" : ", " + listed(own));
  throw Error("encoding", "one of " + names, "'" + std::string(name) + "'");
}

void check_schemes(std::span<const Scheme> own) {
  for (size_t index = 0; index < own.size(); ++index) {
    const Scheme& scheme = own[index];
    if (!is_word(scheme.name))
      throw Error("schemes", "a name of letters, digits and _", "'" + scheme.name + "'");
    if (find_in(schemes(), scheme.name) || find_in(own.first(index), scheme.name))
      throw Error("schemes", "a name of its own", "'" + scheme.name + "'");
    if (!scheme.make) throw Error(scheme.name, "a scheme with 'make'", "none");
  }
}

SchemeTraits traits_of(std::span<const SchemeChoice> chain, std::span<const Scheme> own) {
  SchemeTraits all{.relative = true, .stepwise = true, .planar = true};
  for (const SchemeChoice& link : chain) {
    const Scheme& scheme = find_scheme(link.name, own);
    const Attributes parameters = completed(scheme, link.parameters);
    const SchemeTraits one =
        scheme.refine ? scheme.refine(scheme.traits, parameters) : scheme.traits;
    all.relative = all.relative && one.relative;
    all.stepwise = all.stepwise && one.stepwise;
    all.learned = all.learned || one.learned;
    all.limited = all.limited || one.limited;
    all.absolute = all.absolute || one.absolute;
    all.rotates = all.rotates || one.rotates;
    all.meets_heads = all.meets_heads || one.meets_heads;
    all.planar = all.planar && one.planar;
    all.score_terms += one.score_terms;
  }
  all.absolute = all.absolute || (all.rotates && all.meets_heads);
  all.relative = all.relative && !all.absolute;
  return all;
}

std::set<std::string> weight_names_of(const SchemeChoice& choice, std::span<const Scheme> own) {
  const Scheme& scheme = find_scheme(choice.name, own);
  if (!scheme.names) return {};
  return scheme.names(completed(scheme, choice.parameters));
}

std::vector<SchemeChoice> parse_encoding(std::string_view text, std::span<const Scheme> own) {
  std::vector<SchemeChoice> chain;
  for (;;) {
    const size_t end = link_end(text, own);
    chain.push_back(parse_link(text.substr(0, end), own));
    if (end == text.size()) return chain;
    text.remove_prefix(end + 1);
  }
}

std::string to_string(std::span<const SchemeChoice> chain) {
  std::string text;
  for (const SchemeChoice& link : chain) {
    text += (text.empty() ? "" : "+") + link.name;
    char separator = ':';
    const Scheme* const scheme = find_in(schemes(), link.name);  // none of a program's own
    const Attributes given = scheme ? checked(*scheme, link.parameters) : link.parameters;
    for (const auto& [name, value] : given.values()) {
      if (scheme && value == find_parameter(*scheme, name).value) continue;
      text += separator + name + "=" + to_string(value);
      separator = ',';
    }
  }
  return text.empty() ? "none" : text;
}

std::shared_ptr<const PositionalEncoding> make_encoding(const SchemeChoice& choice,
                                                        SchemeWeights& weights,
                                                        const SchemeContext& context,
                                                        std::span<const Scheme> own) {
  const Scheme& scheme = find_scheme(choice.name, own);
  const Attributes parameters = completed(scheme, choice.parameters);
  auto encoding = scheme.make ? scheme.make(parameters, weights, context) : nullptr;
  if (!encoding) throw Error(scheme.name, "a scheme that makes an encoding", "none");
  return encoding;
}

}  // namespace locus
