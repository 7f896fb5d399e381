#include "tools/cli/verbs/position/page.hpp"

#include <algorithm>
#include <array>

#include "tools/cli/report/bar_chart.hpp"
#include "tools/cli/report/heatmap.hpp"
#include "tools/cli/report/line_chart.hpp"
#include "tools/cli/report/page.hpp"
#include "tools/cli/report/words.hpp"

namespace locus::cli {
namespace {

constexpr int64_t max_cells = 256;  // of a heatmap, each way
constexpr int64_t max_lines = 16;   // of a chart
// Colours that people with colour-blindness tell apart (Okabe and Ito 2008).
constexpr std::array colours{"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                             "#E69F00", "#56B4E9", "#8C6D1F", "#767676"};

int64_t step_of(int64_t count) { return (count + max_cells - 1) / max_cells; }

/// Every so many-th row and column, the first included.
Tensor thinned(const Tensor& matrix, int64_t row_step, int64_t column_step) {
  const ConstView all = matrix.view();
  const auto kept = [](int64_t count, int64_t step) { return (count + step - 1) / step; };
  Tensor some({kept(all.size(0), row_step), kept(all.size(1), column_step)});
  for (int64_t i = 0; i < some.shape()[0]; ++i) {
    for (int64_t j = 0; j < some.shape()[1]; ++j) {
      some.view()(i, j) = all(i * row_step, j * column_step);
    }
  }
  return some;
}

Chart matrix_chart(const std::string& title, const Tensor& matrix, const PictureWords& words,
                   int64_t first_column = 0) {
  const int64_t rows = step_of(matrix.shape()[0]), columns = step_of(matrix.shape()[1]);
  const Tensor some = thinned(matrix, rows, columns);
  const Heatmap map{some, words.x, words.y, first_column, columns, rows};
  Chart chart{title, std::string(words.reading), heatmap_chart(map), heatmap_table(map)};
  if (rows > 1 || columns > 1) {
    chart.reading += " Drawn by every " + std::to_string(rows) + ". row and every " +
                     std::to_string(columns) + ". column.";
  }
  return chart;
}

/// Lines over the columns of a matrix, one for each row. [H, columns]
Chart rows_chart(const std::string& title, const Tensor& matrix, const PictureWords& words,
                 int64_t first_column = 0) {
  const int64_t heads = std::min(matrix.shape()[0], max_lines);
  const int64_t step = step_of(matrix.shape()[1]);
  Json rows = Json::array(), table = Json::array();
  std::vector<Series> series;
  for (int64_t head = 0; head < heads; ++head) {
    const auto style = static_cast<size_t>(head) % colours.size();
    const bool again = static_cast<size_t>(head) >= colours.size();
    const std::string name = matrix.shape()[0] == 1 ? title : "head " + std::to_string(head);
    series.push_back({name, colours[style], again ? std::vector{4, 3} : std::vector{1, 0}});
    for (int64_t column = 0; column < matrix.shape()[1]; column += step) {
      const double value = matrix.view()(head, column);
      const int64_t x = first_column + column;
      rows.push_back({{"name", name}, {"x", x}, {"y", value}, {"low", value}, {"high", value}});
      table.push_back({name, x, significant(value, 6)});
    }
  }
  Chart chart{title,
              std::string(words.reading),
              line_chart({words.x, words.y}, series, std::move(rows)),
              {{"columns", {"", words.x, words.y}}, {"rows", std::move(table)}}};
  if (matrix.shape()[0] > heads) {
    chart.reading += " The first " + std::to_string(heads) + " of " +
                     std::to_string(matrix.shape()[0]) + " heads.";
  }
  return chart;
}

std::vector<Chart> charts_of(const PositionView& view) {
  using Kind = EncodingPicture::Kind;
  const ReportWords& words = words_of("en");
  const int64_t first = 1 - view.subject.probe.length;
  const std::string_view distance = picture_words(Kind::bias, words).x;
  std::vector<Chart> charts;
  if (!view.rows.empty()) {
    charts.push_back(
        matrix_chart(view.adds ? "Added vectors" : "Rotated vector", view.rows,
                     picture_words(view.adds ? Kind::added_rows : Kind::rotation, words)));
    charts.push_back(matrix_chart("Inner products of positions", view.inner_products,
                                  {"position", "position",
                                   "How alike two positions are: the same along a diagonal where "
                                   "distance alone counts."}));
  }
  if (!view.decay.empty()) {
    const Tensor decay({1, view.decay.count()}, view.decay.values());
    charts.push_back(rows_chart("Decay with distance", decay,
                                {"distance (tokens)", "inner product",
                                 "The product of one vector, rotated at two positions."}));
  }
  if (!view.bias.empty()) {
    charts.push_back(matrix_chart("Bias", view.bias, picture_words(Kind::bias, words), first));
    charts.push_back(rows_chart(
        "Bias against distance", view.bias,
        {distance, "added to the score", "What a head gains or loses by a key's distance."},
        first));
  }
  if (!view.response.empty()) {
    charts.push_back(
        matrix_chart("Response", view.response, picture_words(Kind::response, words), first));
    charts.push_back(rows_chart(
        "Response against distance", view.response,
        {distance, "added to the score", "What a query of ones gains by a key's distance."},
        first));
  }
  return charts;
}

Section section_of(const PositionView& view) {
  const auto& [name, text, encoding, probe, untrained] = view.subject;
  Section section{text + (name.empty() ? "" : " (" + name + ")"), "", charts_of(view), true};
  section.html = "<p>" + std::to_string(probe.length) + " positions, " +
                 std::to_string(probe.heads) + " heads of " + std::to_string(probe.head_size) +
                 (untrained ? "; untrained: a seeded initial state" : "") + ".</p>\n";
  if (view.indicators) {
    section.html += "<p>" + to_text(view.indicators) +
                    ". Each is 1 where the property holds everywhere (Wang et al. 2021).</p>\n";
  }
  if (section.charts.empty()) section.html += "<p>It changes neither vectors nor scores.</p>\n";
  return section;
}

/// The share of a sorted list's values that lie below: 0 is the least, 1 the largest.
double quantile(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<size_t>(share * static_cast<double>(sorted.size() - 1))];
}

Chart norms_chart(const AddedPositions& added) {
  const auto last = static_cast<int64_t>(added.position_norms.size()) - 1;
  Json rows = Json::array(), table = Json::array();
  const auto add = [&](const std::string& name, int64_t x, double value) {
    rows.push_back({{"name", name}, {"x", x}, {"y", value}, {"low", value}, {"high", value}});
    table.push_back({name, x, fixed(value, 4)});
  };
  std::vector<Series> series{{"positions", colours[1], {1, 0}}};
  for (int64_t x = 0; x <= last; ++x) {
    add("positions", x, added.position_norms[static_cast<size_t>(x)]);
  }
  for (const auto& [name, share] :
       {std::pair{"tokens, 95 %", 0.95}, std::pair{"tokens, median", 0.5},
        std::pair{"tokens, 5 %", 0.05}}) {
    series.push_back({name, colours[0], share == 0.5 ? std::vector{1, 0} : std::vector{3, 3}});
    for (const int64_t x : {int64_t{0}, last}) add(name, x, quantile(added.token_norms, share));
  }
  return {
      "Lengths of vectors",
      "What is added, by position, against the tokens that it is added to: the longer of the two "
      "drowns the other.",
      line_chart({"position", "norm"}, series, std::move(rows)),
      {{"columns", {"", "position", "norm"}}, {"rows", std::move(table)}}};
}

Section section_of(const AddedPositions& added) {
  Section section{"Tokens and positions: " + added.node, "", {norms_chart(added)}, true};
  if (!added.words.empty()) {
    section.charts.push_back({"Words before and after",
                              "From each token's vector (dot) to what it is with its position "
                              "(word), on the two axes along which they differ most.",
                              arrow_chart(added.words), arrow_table(added.words)});
  }
  return section;
}

Section section_of(const std::vector<AttentionReach>& reach) {
  Section section{"How far attention reaches", "", {}, true};
  for (const AttentionReach& node : reach) {
    StackedBars bars{node.shares, {}, {}, "head", "distance (tokens)"};
    for (int64_t head = 0; head < node.shares.shape()[0]; ++head) {
      bars.bars.push_back("head " + std::to_string(head));
    }
    for (int64_t bin = 0; bin < node.shares.shape()[1]; ++bin) {
      bars.parts.push_back(reach_bin_name(bin));
    }
    section.charts.push_back({node.node,
                              "The share of each head's attention by distance between query and "
                              "key, over all queries.",
                              bar_chart(bars), bar_table(bars)});
  }
  return section;
}

}  // namespace

std::string position_page(const std::vector<PositionView>& views, const PositionMeasure* measure) {
  Page page;
  page.language = "en";
  page.title = "Positional encoding";
  page.lead = views.front().subject.text;
  page.labels = {"Numbers", "SVG", "CSV", "all"};
  for (const PositionView& view : views) page.sections.push_back(section_of(view));
  if (measure != nullptr) {
    page.introduction = "Read: " + grouped(measure->tokens) + " tokens, the beginning of each of " +
                        std::to_string(measure->documents) + " documents.";
    for (const AddedPositions& added : measure->added) page.sections.push_back(section_of(added));
    page.sections.push_back(section_of(measure->reach));
  }
  return page_html(page);
}

}  // namespace locus::cli
