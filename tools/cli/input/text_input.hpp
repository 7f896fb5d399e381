// Text and ids from arguments, files and stdin.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace locus::cli {

/// Throws Error `WHO: expected UTF-8 text, found byte 0x.. at offset ..`.
void check_utf8(std::string_view who, std::string_view text);
/// Throws Error for a text that is empty or no UTF-8.
void check_text(std::string_view who, std::string_view text);

/// A whole file; `-` is stdin. Throws Error where it cannot be read.
std::string read_file(const std::filesystem::path& file);

/// Calls `take(who, line)` for every line of stdin without its line end; `who` is `stdin, line 3`.
void for_each_line(
    const std::function<void(const std::string& who, const std::string& line)>& take);

/// The arguments, or the lines of stdin where there are none. A text among others may be empty;
/// throws Error where all are.
std::vector<std::string> texts_or_lines(const std::vector<std::string>& arguments);

/// `101,2023,102`, commas or white space between. Throws Error that names the part that is no id.
std::vector<int32_t> parse_ids(std::string_view who, std::string_view text);
/// `16,128,512`, each above 0
std::vector<int64_t> parse_lengths(std::string_view who, std::string_view text);
/// `0,1,2.5`
std::vector<float> parse_numbers(std::string_view who, std::string_view text);

}  // namespace locus::cli
