// docs/node-kinds.md against the table of kinds.
#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "engine/layers/kinds.hpp"

namespace locus::tests::node_kinds_page {
namespace {

struct Page {
  std::vector<std::string> kinds;                           // in its order
  std::map<std::string, std::set<std::string>> attributes;  // of each kind
  std::map<std::string, std::set<std::string>> weights;
};

std::set<std::string> code_words(const std::string& text) {
  static const std::regex word("`([a-z_]+)`");
  std::set<std::string> words;
  for (std::sregex_iterator at(text.begin(), text.end(), word), end; at != end; ++at) {
    words.insert((*at)[1]);
  }
  return words;
}

Page read_page() {
  std::ifstream file(std::string(LOCUS_SOURCE_FOLDER) + "/docs/node-kinds.md");
  Page page;
  bool weights = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ") || line.empty()) weights = false;
    if (line.starts_with("### ")) page.kinds.push_back(line.substr(4));
    if (page.kinds.empty()) continue;
    const std::string& kind = page.kinds.back();
    if (line.starts_with("| `"))
      page.attributes[kind].insert(line.substr(3, line.find('`', 3) - 3));
    weights = weights || line.starts_with("Weights:");
    if (weights) page.weights[kind].merge(code_words(line));
  }
  return page;
}

TEST_CASE("the page of node kinds names every kind, attribute and weight, and no other") {
  Page page = read_page();
  std::vector<std::string> kinds;
  for (const layers::NodeKind& kind : layers::node_kinds()) {
    CAPTURE(kind.name);
    const std::string name(kind.name);
    kinds.push_back(name);
    std::set<std::string> attributes;
    for (const layers::NodeAttribute& attribute : kind.attributes)
      attributes.emplace(attribute.name);
    CHECK(page.attributes[name] == attributes);
    CHECK(page.weights[name] == std::set<std::string>(kind.weights.begin(), kind.weights.end()));
  }
  CHECK(page.kinds == kinds);
}

}  // namespace
}  // namespace locus::tests::node_kinds_page
