#include "tools/cli/verbs/position/list.hpp"

#include "engine/scheme.hpp"
#include "tools/cli/terminal/paragraph.hpp"

namespace locus::cli {
namespace {

Json value_json(const Attribute& value) {
  return std::visit([](const auto& held) { return Json(held); }, value);
}

Json traits_json(const SchemeTraits& traits) {
  return {{"relative", traits.relative}, {"absolute", traits.absolute},
          {"stepwise", traits.stepwise}, {"learned", traits.learned},
          {"limited", traits.limited},   {"score_terms", traits.score_terms}};
}

std::string traits_text(const SchemeTraits& traits) {
  std::string text = traits.relative ? "relative" : traits.absolute ? "absolute" : "";
  if (traits.learned) text += text.empty() ? "learned" : ", learned";
  if (traits.limited) text += ", limited in length";
  if (!traits.stepwise) text += ", not step by step";
  return text;
}

std::string scheme_text(const Scheme& scheme) {
  const auto traits = traits_text(scheme.traits);
  auto text = bold(scheme.name) + (traits.empty() ? "" : dim("  (" + traits + ")")) + "\n";
  text += paragraph(scheme.summary, "  ") + paragraph(scheme.source, "  ");
  for (const auto& [name, value, meaning] : scheme.parameters) {
    text += paragraph(name + "=" + to_string(value) + "  " + meaning, "      ");
  }
  return text;
}

}  // namespace

Json schemes_json() {
  Json list = Json::array();
  for (const auto& scheme : schemes()) {
    Json parameters = Json::array();
    for (const auto& [name, value, meaning] : scheme.parameters) {
      parameters.push_back({{"name", name}, {"default", value_json(value)}, {"meaning", meaning}});
    }
    list.push_back({{"name", scheme.name},
                    {"summary", scheme.summary},
                    {"source", scheme.source},
                    {"parameters", std::move(parameters)},
                    {"traits", traits_json(scheme.traits)}});
  }
  return list;
}

std::string schemes_text() {
  std::string text;
  for (const auto& scheme : schemes()) text += (text.empty() ? "" : "\n") + scheme_text(scheme);
  return text;
}

}  // namespace locus::cli
