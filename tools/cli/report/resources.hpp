// Files that are part of the program.
#pragma once

#include <string_view>

namespace locus::cli {

std::string_view report_template();  ///< HTML with places in double braces
std::string_view report_style();     ///< CSS
std::string_view report_script();    ///< JavaScript that draws the charts
std::string_view vega_bundle();      ///< empty in a build without Vega

}  // namespace locus::cli
