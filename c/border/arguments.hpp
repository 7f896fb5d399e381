// What C hands over, looked at before it is used.
#pragma once

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace locus::c {

/// An argument that no model and no file can make right.
class ArgumentError : public Error {
 public:
  using Error::Error;
};

/// Throws ArgumentError for NULL.
void expect_given(const char* who, const void* pointer);
/// A text. Throws ArgumentError for NULL and for bytes that are no UTF-8.
std::string text_of(const char* who, const char* text);
/// A text, or an empty one for NULL. Throws ArgumentError for bytes that are no UTF-8.
std::string text_or_empty(const char* who, const char* text);
/// Texts, at least one.
std::vector<std::string> texts_of(const char* who, const char* const* texts, size_t count);

/// `value` unless it is 0. Throws ArgumentError below 0.
std::optional<int64_t> count_or_none(const char* who, int64_t value);
/// `value` unless it is 0. Throws ArgumentError where it is not finite or below 0.
std::optional<double> number_or_none(const char* who, double value);
/// Throws ArgumentError unless 0 <= value < count.
void expect_choice(const char* who, int64_t value, int64_t count);

/// How many bytes of a caller's structure are read. Throws ArgumentError for a size that no version
/// has, and where a later one's fields, which this one does not know, are set.
size_t known_size(const char* who, const void* given, size_t known);

/// The caller's options with zeroes for what its version did not have; all zero for NULL.
template <class Options>
Options options_of(const char* who, const Options* given) {
  Options options{};
  if (given) std::memcpy(&options, given, known_size(who, given, sizeof(Options)));
  return options;
}

}  // namespace locus::c
