#include "tools/cli/terminal/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/error.hpp"

namespace locus::cli {
namespace {

std::string styled(std::string_view text, const char* code) {
  if (!use_colours()) return std::string(text);
  return std::string(code) + std::string(text) + "\033[0m";
}

std::string formatted(const char* format, int digits, double value) {
  std::array<char, 512> buffer;
  std::snprintf(buffer.data(), buffer.size(), format, digits, value);
  return buffer.data();
}

// What a stranger's file says neither moves the terminal nor fills it.
std::string short_line(std::string_view text) {
  constexpr size_t max_bytes = 2048;
  const bool cut = text.size() > max_bytes;
  return printable(text.substr(0, max_bytes)) + (cut ? "..." : "");
}

}  // namespace

void print(std::string_view text) {
  const auto written = std::fwrite(text.data(), 1, text.size(), stdout);
  if (written != text.size() || std::fflush(stdout) != 0) {
    throw Error("stdout", "room to write", std::strerror(errno));
  }
}

void warn_of(std::string_view file, std::string_view message) {
  std::fprintf(stderr, "locus: %s: warning: %s\n", short_line(file).c_str(),
               short_line(message).c_str());
}

void warn(std::string_view message) {
  std::fprintf(stderr, "locus: warning: %s\n", short_line(message).c_str());
}

bool stdout_is_terminal() { return isatty(STDOUT_FILENO) == 1; }
bool stderr_is_terminal() { return isatty(STDERR_FILENO) == 1; }

bool use_colours() {
  const char* refused = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if (refused && *refused) return false;
  return stdout_is_terminal() && terminal && std::strcmp(terminal, "dumb") != 0;
}

int terminal_width() {
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

std::string bold(std::string_view text) { return styled(text, "\033[1m"); }
std::string dim(std::string_view text) { return styled(text, "\033[2m"); }

std::string fixed(double value, int digits) {
  const bool nothing = std::abs(value) < 0.5 * std::pow(10, -digits);
  return formatted("%.*f", digits, nothing ? 0 : value);
}
std::string signed_fixed(double value, int digits) {
  const bool nothing = std::abs(value) < 0.5 * std::pow(10, -digits);
  return (value < 0 && !nothing ? "" : "+") + fixed(nothing ? 0 : value, digits);
}
std::string significant(double value, int digits) { return formatted("%.*g", digits, value); }

std::string grouped(int64_t value) {
  auto text = std::to_string(value);
  const size_t first_digit = value < 0 ? 1 : 0;
  for (size_t place = text.size(); place > first_digit + 3;) text.insert(place -= 3, ",");
  return text;
}

std::string listed(const std::vector<std::string>& items) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "" : ", ") + item;
  return text.empty() ? "none" : text;
}

std::string bytes_text(int64_t bytes) {
  constexpr std::array units{"bytes", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  for (; value >= 1000 && unit + 1 < units.size(); ++unit) value /= 1000;
  return fixed(value, unit == 0 ? 0 : 1) + " " + units[unit];
}

}  // namespace locus::cli
