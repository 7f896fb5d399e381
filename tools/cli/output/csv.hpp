// Cells of a CSV file.
#pragma once

#include <string>
#include <vector>

namespace locus::cli {

/// In quotes where it holds what divides cells.
std::string csv_text(const std::string& text);
/// Nine digits; nothing for a number that is not finite.
std::string csv_number(double value);
/// A line of cells that are ready.
std::string csv_line(const std::vector<std::string>& cells);

}  // namespace locus::cli
