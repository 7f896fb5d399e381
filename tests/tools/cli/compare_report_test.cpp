// What the page of a comparison draws, and what it says beside it.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "tests/support/paths.hpp"
#include "tests/tools/cli/command.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

const std::string short_text = source_path("weights/text/the_interpreter.txt").string();

/// The charts of a page, section by section.
nlohmann::json charts_of(const std::string& page) {
  const std::string opening = R"(<script id="charts" type="application/json">)";
  const size_t begin = page.find(opening) + opening.size();
  return nlohmann::json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

nlohmann::json chart_titled(const nlohmann::json& charts, const std::string& title) {
  for (const auto& section : charts["sections"]) {
    for (const auto& chart : section) {
      if (chart["title"].get<std::string>().starts_with(title)) return chart;
    }
  }
  FAIL("no chart ", title);
  return {};
}

nlohmann::json page_of(const std::string& model) {
  const TemporaryFolder folder;
  const std::string file = folder / "page.html";
  REQUIRE(run({"compare", source_path("weights/" + model).string(), "--text", short_text,
               "--lengths", "64,128,256", "--report", file})
              .status == 0);
  return charts_of(read_text(file));
}

nlohmann::json grid_of(const nlohmann::json& chart) {
  return chart["specification"]["data"][0]["values"][0];
}

}  // namespace

TEST_CASE("an encoder-decoder's picture is its encoder's, with the decoder's beside it") {
  const auto charts = page_of("span-t5");
  const auto encoder = grid_of(chart_titled(charts, "span-t5, encoder: t5:direction=both"));
  const auto decoder = grid_of(chart_titled(charts, "span-t5, decoder: t5:direction=past"));
  // Distances -63 to 63; the decoder sees those up to 0.
  CHECK(encoder["width"] == 127);
  CHECK(decoder["width"] == 64);
  // T5's buckets of one direction: 8 exact ones, then logarithmic ones up to distance 128. Those of
  // later keys are their own in an encoder, so that the head's first row has at least 8 values.
  std::set<double> later;
  for (size_t column = 64; column < 127; ++column)
    later.insert(encoder["values"][column].get<double>());
  CHECK(later.size() >= 8);
}

TEST_CASE("the table of a picture names every row and column") {
  const auto charts = page_of("masked-sinusoidal");
  const auto chart = chart_titled(charts, "masked-sinusoidal: sinusoidal");
  const auto grid = grid_of(chart);
  CHECK(grid["height"] == 64);
  CHECK(chart["table"]["names"].size() == 64);
  CHECK(chart["table"]["columns"].size() == grid["width"].get<size_t>() + 1);
  CHECK(grid["values"].size() == 64 * grid["width"].get<size_t>());
  // Row 0 holds sin 0 and cos 0 alone, so that its greatest value is the scale; row 1 holds sin 1.
  const auto columns = grid["width"].get<size_t>();
  double scale = 0;
  bool found = false;
  for (size_t column = 0; column < columns; ++column) {
    scale = std::max(scale, grid["values"][column].get<double>());
  }
  CHECK(scale > 0.01);
  for (size_t column = 0; column < columns; ++column) {
    const double value = grid["values"][columns + column];
    found = found || std::abs(value - scale * 0.8414709848) < 2e-4;
  }
  CHECK(found);
}

TEST_CASE("counts stand beside a loss of training only where both are of the same tokens") {
  const auto charts = page_of("span-t5");
  const auto chart = chart_titled(charts, "Loss against tokens seen");
  const auto series = chart["specification"]["usermeta"]["series"];
  REQUIRE(series.size() == 1);
  CHECK(series[0]["name"] == "span-t5");
  CHECK(chart["reading"].get<std::string>().find("Counts of tokens are not drawn") !=
        std::string::npos);
}
