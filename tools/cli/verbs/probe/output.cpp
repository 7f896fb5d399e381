#include <algorithm>
#include <numeric>
#include <set>

#include "tools/cli/report/notes.hpp"
#include "tools/cli/terminal/paragraph.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/compare/json.hpp"
#include "tools/cli/verbs/probe/probe.hpp"

namespace locus::cli {
namespace {

using Figure = std::optional<ProbeFigure> ProbedModel::*;

constexpr const char* shared_lengths = ", over the lengths that both have";

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double mean_gain(const RecallPoint& point) { return mean_of(gain_by_position(point)); }

/// A line for each model that was compared with the first.
std::string differences(const std::vector<ProbedModel>& models, Figure figure, const char* over) {
  std::string text;
  for (const ProbedModel& model : models) {
    if (!(model.*figure) || !(model.*figure)->comparison) continue;
    const Comparison& comparison = *(model.*figure)->comparison;
    text +=
        paragraph(model.name + " against " + models.front().name + over + ": " +
                      to_string(comparison.verdict) + " " + signed_fixed(comparison.difference, 3) +
                      " " + interval_text(comparison.interval) + ", p " + p_text(comparison),
                  "  ");
  }
  return text;
}

/// A table with a column for each of `columns`, of the models that have the figure.
template <typename Cell>
std::string table_by(const std::vector<ProbedModel>& models, Figure figure,
                     const std::set<int64_t>& columns, const Cell& cell) {
  std::vector<Table::Column> titles{left("model", 12), right("mean [95 %]")};
  for (const int64_t column : columns) titles.push_back(right(std::to_string(column)));
  Table table(titles);
  for (const ProbedModel& model : models) {
    if (!(model.*figure)) continue;
    const ProbeFigure& own = *(model.*figure);
    std::vector<std::string> cells{model.name,
                                   fixed(own.mean, 2) + " " + interval_text(own.interval)};
    for (const int64_t column : columns) cells.push_back(cell(model, column));
    table.add(cells);
  }
  return table.text(terminal_width());
}

bool any(const std::vector<ProbedModel>& models, Figure figure) {
  return std::ranges::any_of(models,
                             [&](const auto& model) { return (model.*figure).has_value(); });
}

std::string recall_text(const std::vector<ProbedModel>& models) {
  std::set<int64_t> distances;
  for (const ProbedModel& model : models) {
    for (const RecallPoint& point : model.recall_points) distances.insert(point.distance);
  }
  return bold("recall by distance: nats that a token of the second copy costs less") + "\n" +
         table_by(models, &ProbedModel::recall, distances,
                  [](const ProbedModel& model, int64_t distance) -> std::string {
                    const auto found =
                        std::ranges::find(model.recall_points, distance, &RecallPoint::distance);
                    return found == model.recall_points.end() ? "-" : fixed(mean_gain(*found), 2);
                  }) +
         paragraph("0 is what a model without memory has, as the trigram.", "  ") +
         differences(models, &ProbedModel::recall, shared_lengths);
}

/// Shares found by depth of one model.
std::string passkey_map(const ProbedModel& model) {
  std::set<double> depths;
  std::set<int64_t> lengths;
  for (const PasskeyCell& cell : model.passkey_cells) {
    depths.insert(cell.depth);
    lengths.insert(cell.length);
  }
  std::vector<Table::Column> titles{left(model.name + ", depth")};
  for (const int64_t length : lengths) titles.push_back(right(std::to_string(length)));
  Table table(titles);
  for (const double depth : depths) {
    std::vector<std::string> cells{fixed(depth, 2)};
    for (const PasskeyCell& cell : model.passkey_cells) {
      if (cell.depth == depth) cells.push_back(fixed(mean_of(cell.found), 2));
    }
    table.add(cells);
  }
  return table.text(terminal_width());
}

std::string passkey_text(const std::vector<ProbedModel>& models) {
  std::string text =
      bold("passkey: share of keys that are likelier than four others") + "\n" +
      table_by(models, &ProbedModel::passkey, {}, [](const auto&, int64_t) { return ""; }) +
      paragraph("Chance is " + fixed(passkey_chance, 2) + ".", "  ") +
      differences(models, &ProbedModel::passkey, shared_lengths);
  for (const ProbedModel& model : models) {
    if (model.passkey) text += "\n" + passkey_map(model);
  }
  return text;
}

std::string order_text(const std::vector<ProbedModel>& models) {
  return bold("word order: share of sentences that are likelier than with two words exchanged") +
         "\n" + table_by(models, &ProbedModel::order, {}, [](const auto&, int64_t) { return ""; }) +
         paragraph("Chance is 0.5. Masked models by pseudo-likelihood.", "  ") +
         differences(models, &ProbedModel::order, "");
}

Json figure_json(const std::optional<ProbeFigure>& figure) {
  if (!figure) return {};
  Json values = Json::array();
  for (const Unit& unit : figure->units) values.push_back(unit.sum / unit.weight);
  Json json{{"mean", figure->mean},
            {"ci95", interval_json(figure->interval)},
            {"trials", std::move(values)},
            {"against_first", Json()}};
  if (const auto& comparison = figure->comparison) {
    json["against_first"] = {{"difference", comparison->difference},
                             {"ci95", interval_json(comparison->interval)},
                             {"p", comparison->p},
                             {"holm_p", comparison->adjusted_p},
                             {"verdict", to_string(comparison->verdict)}};
  }
  return json;
}

Json model_json(const ProbedModel& model) {
  Json recall = Json::array(), passkey = Json::array();
  for (const RecallPoint& point : model.recall_points) {
    recall.push_back({{"distance", point.distance},
                      {"gain", mean_gain(point)},
                      {"gain_by_position", gain_by_position(point)}});
  }
  for (const PasskeyCell& cell : model.passkey_cells) {
    passkey.push_back({{"length", cell.length},
                       {"depth", cell.depth},
                       {"found", mean_of(cell.found)},
                       {"margin", mean_of(cell.margin)}});
  }
  return {{"name", model.name},
          {"encoding", model.encoding},
          {"task", name_of(model.task)},
          {"trained_context", model.trained_context},
          {"recall", figure_json(model.recall)},
          {"recall_by_distance", std::move(recall)},
          {"passkey", figure_json(model.passkey)},
          {"passkey_map", std::move(passkey)},
          {"order", figure_json(model.order)}};
}

}  // namespace

std::string probes_text(const std::vector<ProbedModel>& models) {
  std::string text;
  const auto add = [&](Figure figure, std::string (*section)(const std::vector<ProbedModel>&)) {
    if (any(models, figure)) text += (text.empty() ? "" : "\n") + section(models);
  };
  add(&ProbedModel::recall, recall_text);
  add(&ProbedModel::passkey, passkey_text);
  add(&ProbedModel::order, order_text);
  return text;
}

Json probes_json(const std::vector<ProbedModel>& models, const ProbeSettings& settings) {
  Json list = Json::array();
  for (const ProbedModel& model : models) list.push_back(model_json(model));
  return {{"models", std::move(list)},
          {"passkey_chance", passkey_chance},
          {"settings",
           {{"lengths", settings.lengths},
            {"trials", settings.trials},
            {"pairs", settings.pairs},
            {"seed", settings.seed}}}};
}

}  // namespace locus::cli
