// A file with one value at an extreme, for every value that it holds and every extreme.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace locus::tests {

/// Gets a document and what was done to it: `width = 2147483648`.
using TakeExtreme = std::function<void(const std::string& document, const std::string& what)>;

/// What a JSON document is changed by: numbers at the ends of their types, beyond and one off,
/// values of other types, keys that are gone.
void each_json_value(std::string_view json, const TakeExtreme& take);
/// Names and texts of a megabyte, values 100,000 levels deep, lists and objects of a million.
void each_json_size(std::string_view json, const TakeExtreme& take);
/// Numbers at the ends of their types; words of a megabyte; each kind of character 100,000 times in
/// its place; each line a million times.
void each_text_extreme(std::string_view text, const TakeExtreme& take);
/// Integers of four and eight bytes at the ends of their types, at every place of the first and
/// last kilobyte.
void each_byte_extreme(std::string_view bytes, const TakeExtreme& take);

/// All that fit: JSON, text or bytes; of texts that zero bytes separate, each.
void each_extreme(std::string_view file, const TakeExtreme& take);

}  // namespace locus::tests
