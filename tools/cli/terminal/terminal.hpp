// Text for people: where it goes, and how it looks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace locus::cli {

/// Text to stdout at once. Throws Error where it cannot be written.
void print(std::string_view text);
/// One line to stderr about a file: `locus: FILE: warning: ...`.
void warn_of(std::string_view file, std::string_view message);
/// One line to stderr: `locus: warning: ...`.
void warn(std::string_view message);

/// Whether stdout is a terminal that wants colours (NO_COLOR and TERM=dumb are respected).
bool use_colours();
bool stdout_is_terminal();
bool stderr_is_terminal();
/// Columns of the terminal; 80 where stdout is none.
int terminal_width();

/// The text in bold or in grey, where colours are used.
std::string bold(std::string_view text);
std::string dim(std::string_view text);

/// A number with so many digits after the point.
std::string fixed(double value, int digits);
/// A number with its sign and so many digits after the point; what rounds to 0 is +0.
std::string signed_fixed(double value, int digits);
/// A number with so many significant digits.
std::string significant(double value, int digits);
/// `1,906,240`
std::string grouped(int64_t value);
/// `a, b, c`; `none` where there is nothing.
std::string listed(const std::vector<std::string>& items);
/// `3.8 MB`
std::string bytes_text(int64_t bytes);

}  // namespace locus::cli
