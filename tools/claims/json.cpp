#include "tools/claims/result.hpp"

namespace locus::cli::claims {
namespace {

/// What `text` makes of the words of either language.
template <typename Text>
Json in_both(const Text& text) {
  return {{"en", text(english_words())}, {"zh", text(chinese_words())}};
}

Json figure_json(const Figure& figure, const MeasuredClaim& measured) {
  const auto label = [&](const Words& words) {
    return label_of(figure, words_of(measured, words));
  };
  const std::string_view support = english_words().supports.at(static_cast<size_t>(figure.support));
  Json json{{"label", in_both(label)},
            {"subject", figure.subject},
            {"value", finite_or_null(figure.value)},
            {"speaks", support.empty() ? Json() : Json(support)}};
  if (!figure.comparison) return json;
  const Comparison& comparison = *figure.comparison;
  json.update(
      {{"ci95",
        {finite_or_null(comparison.interval.low), finite_or_null(comparison.interval.high)}},
       {"p", comparison.p},
       {"holm_p", comparison.adjusted_p},
       {"units", comparison.units},
       {"verdict", to_string(comparison.verdict)}});
  return json;
}

Json curve_json(const std::vector<DrawnPoint>& curve) {
  Json points = Json::array();
  for (const auto& [x, y] : curve) points.push_back({x, y});
  return points;
}

Json claim_json(const MeasuredClaim& measured) {
  const auto own = [&](const Words& words) { return words_of(measured, words); };
  Json figures = Json::array();
  for (const Figure& figure : measured.findings.figures) {
    figures.push_back(figure_json(figure, measured));
  }
  const auto sentence = [&](const Words& words) { return own(words).sentence; };
  const auto experiment = [&](const Words& words) { return own(words).experiment; };
  const auto remark = [&](const Words& words) { return remark_of(measured, words); };
  const auto caution = [&](const Words& words) { return caution_of(measured, words); };
  const auto translation = [&](const Words& words) { return own(words).translation; };
  Json json{{"name", measured.claim->name},
            {"article", measured.claim->article},
            {"quote", measured.claim->quote},
            {"translation", translation(english_words())},
            {"evidence", to_string(measured.claim->evidence)},
            {"caution", in_both(caution)},
            {"sentence", in_both(sentence)},
            {"experiment", in_both(experiment)},
            {"verdict", to_string(measured.ruling)},
            {"remark", in_both(remark)},
            {"figures", std::move(figures)}};
  if (!measured.findings.curve.empty()) json["curve"] = curve_json(measured.findings.curve);
  if (measured.ruling == Ruling::not_measured) {
    json["absent"] = measured.findings.absent;
    json["missing_tokens"] = measured.findings.missing_tokens;
  }
  return json;
}

}  // namespace

Json to_json(const ClaimsResult& result) {
  Json claims = Json::array();
  for (const MeasuredClaim& measured : result.claims) claims.push_back(claim_json(measured));
  return {{"claims", std::move(claims)}, {"settings", result.provenance}};
}

}  // namespace locus::cli::claims
