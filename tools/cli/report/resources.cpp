#include "tools/cli/report/resources.hpp"

// Laid into the program by resources.S.
extern "C" {
extern const char locus_page_begin[], locus_page_end[];
extern const char locus_style_begin[], locus_style_end[];
extern const char locus_script_begin[], locus_script_end[];
extern const char locus_vega_begin[], locus_vega_end[];
}

namespace locus::cli {
namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<size_t>(end - begin)};
}

}  // namespace

std::string_view report_template() { return between(locus_page_begin, locus_page_end); }
std::string_view report_style() { return between(locus_style_begin, locus_style_end); }
std::string_view report_script() { return between(locus_script_begin, locus_script_end); }
std::string_view vega_bundle() { return between(locus_vega_begin, locus_vega_end); }

}  // namespace locus::cli
