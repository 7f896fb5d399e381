// A page of text, tables and charts that needs no network.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/cli/output/output.hpp"

namespace locus::cli {

/// A chart: its specification in Vega's language, how to read it, and the table behind it.
struct Chart {
  std::string title;
  std::string reading;  ///< one sentence
  Json specification;   ///< null: there is nothing to draw
  Json table;           ///< {"columns": [...], "rows": [[...]]}, or `heatmap_table` of a matrix
};

/// A heading (empty: it belongs to the section before) and what stands below it. One with neither
/// markup nor charts is left out.
struct Section {
  std::string title;
  std::string html;  ///< ready markup
  std::vector<Chart> charts;
  bool multiples = false;  ///< charts side by side
};

/// What stands on a page's buttons.
struct PageLabels {
  std::string numbers;   ///< the table behind a chart
  std::string picture;   ///< its picture as a file
  std::string download;  ///< its numbers as a file
  std::string all;       ///< every series of a legend
};

struct Page {
  std::string language;  ///< BCP 47
  std::string title;
  std::string lead;  ///< the result in a sentence
  std::string introduction;
  PageLabels labels;
  std::vector<Section> sections;
};

/// Text as markup.
std::string html_text(std::string_view text);

/// JSON that opens under a line of text.
std::string details_html(std::string_view summary, const Json& content);

/// The whole page. A build without Vega's bundle gives tables without plots.
std::string page_html(const Page& page);

}  // namespace locus::cli
