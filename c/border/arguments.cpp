#include "c/border/arguments.hpp"

#include <cmath>

#include "base/utf8.hpp"

namespace locus::c {
namespace {

constexpr size_t max_options = 4096;  // bytes: a larger structure is none
constexpr size_t max_texts = size_t{1} << 31;

}  // namespace

void expect_given(const char* who, const void* pointer) {
  if (!pointer) throw ArgumentError(who, "a pointer", "NULL");
}

std::string text_of(const char* who, const char* text) {
  expect_given(who, text);
  std::string copy(text);
  if (!utf8::is_utf8(copy)) throw ArgumentError(who, "UTF-8", "other bytes");
  return copy;
}

std::string text_or_empty(const char* who, const char* text) {
  return text ? text_of(who, text) : std::string();
}

std::vector<std::string> texts_of(const char* who, const char* const* texts, size_t count) {
  expect_given(who, texts);
  if (count == 0 || count > max_texts) {
    throw ArgumentError(who, count == 0 ? "at least one text" : "2^31 texts at most",
                        std::to_string(count));
  }
  std::vector<std::string> all;
  for (size_t i = 0; i < count; ++i) {
    all.push_back(text_of((std::string(who) + " " + std::to_string(i)).c_str(), texts[i]));
  }
  return all;
}

std::optional<int64_t> count_or_none(const char* who, int64_t value) {
  if (value < 0) throw ArgumentError(who, "0 or more", std::to_string(value));
  return value == 0 ? std::nullopt : std::optional(value);
}

std::optional<double> number_or_none(const char* who, double value) {
  if (!std::isfinite(value) || value < 0) {
    throw ArgumentError(who, "a number of 0 or more", std::to_string(value));
  }
  return value == 0 ? std::nullopt : std::optional(value);
}

void expect_choice(const char* who, int64_t value, int64_t count) {
  if (value >= 0 && value < count) return;
  throw ArgumentError(who, "0 to " + std::to_string(count - 1), std::to_string(value));
}

size_t known_size(const char* who, const void* given, size_t known) {
  size_t size = 0;
  std::memcpy(&size, given, sizeof(size));
  if (size <= sizeof(size) || size > max_options) {
    throw ArgumentError(who, "its own size in struct_size", std::to_string(size));
  }
  const auto* bytes = static_cast<const std::byte*>(given);
  const bool later = size > known && std::any_of(bytes + known, bytes + size, [](std::byte byte) {
                       return byte != std::byte{};
                     });
  if (later) throw ArgumentError(who, "fields that this version knows", "later ones");
  return std::min(size, known);
}

}  // namespace locus::c
