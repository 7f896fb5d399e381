#include "tools/cli/output/csv.hpp"

#include <cmath>

#include "tools/cli/terminal/terminal.hpp"

namespace locus::cli {

std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char letter : text) quoted += letter == '"' ? "\"\"" : std::string(1, letter);
  return quoted + "\"";
}

std::string csv_number(double value) { return std::isfinite(value) ? significant(value, 9) : ""; }

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) line += (line.empty() ? "" : ",") + cell;
  return line + "\n";
}

}  // namespace locus::cli
