// The comparison on a terminal.
#include <algorithm>
#include <cmath>
#include <set>
#include <span>
#include <sstream>

#include "tools/cli/report/notes.hpp"
#include "tools/cli/terminal/paragraph.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/compare/json.hpp"

namespace locus::cli {
namespace {

/// `rope+alibi` of `rope:base=1000+alibi`.
std::string without_parameters(std::string_view chain) {
  std::string schemes;
  bool named = true;  // and not a parameter
  for (const char letter : chain) {
    if (letter == ':') named = false;
    if (letter == '+') named = true;
    if (named) schemes += letter;
  }
  return schemes;
}

/// `rope+alibi`, `t5`: the schemes alone, each encoding once; `inspect` gives their parameters.
std::string schemes_of(const std::string& encodings) {
  std::string names, name;
  std::istringstream words(encodings);
  while (words >> name) {  // as `t5:buckets=32,direction=both,`: commas within have no space after
    if (name.ends_with(',')) name.pop_back();
    const std::string schemes = without_parameters(name);
    if (names.find(schemes) == std::string::npos) names += (names.empty() ? "" : ", ") + schemes;
  }
  return names;
}

std::string bits_text(const ComparedModel& model) {
  const std::string interval = interval_text(model.bits_interval);
  return fixed(bits_of(model), 3) + (interval.empty() ? "" : " ") + interval;
}

std::string verdict_text(const ComparedModel& model, const ComparedGroup& group) {
  const std::string verdict = verdict_of(model, group, english_words());
  if (!model.comparison) return verdict;
  return verdict + " " + signed_fixed(model.comparison->difference, 3);
}

/// A table whose column of seeds is there where a model has several.
class GroupTable {
 public:
  explicit GroupTable(const ComparedGroup& group)
      : per_word_(tokenizers_differ(group)), seeds_(std::ranges::any_of(group.models, several)) {}

  Table table() const {
    std::vector<Table::Column> columns{left("model", 12), optional("encoding")};
    if (seeds_) columns.push_back(right("seeds"));
    for (Table::Column column : {right(per_word_ ? "by word" : "value"),
                                 right("bits per byte [95 %]"), left(""), left("verdict")}) {
      columns.push_back(std::move(column));
    }
    return Table(std::move(columns));
  }

  std::vector<std::string> row(const ComparedModel& model, const ComparedGroup& group) const {
    const double value =
        per_word_ ? model.summary.word_perplexity.value_or(NAN) : model.summary.perplexity;
    return with_seeds(
        {model.name, schemes_of(model.encoding)}, std::to_string(model.runs.size()),
        {fixed(value, 1), bits_text(model), model.letters, verdict_text(model, group)});
  }

  std::vector<std::string> row(const ModelFloor& floor, const std::string& mark) const {
    return with_seeds(
        {"floor: " + floor_name(floor.kind) + mark, ""}, "",
        {per_word_ ? "" : fixed(std::exp(floor.nll), 1), fixed(floor.bits_per_byte, 3), "", ""});
  }

 private:
  static bool several(const ComparedModel& model) { return model.runs.size() > 1; }

  std::vector<std::string> with_seeds(std::vector<std::string> cells, const std::string& seeds,
                                      const std::vector<std::string>& more) const {
    if (seeds_) cells.push_back(seeds);
    cells.insert(cells.end(), more.begin(), more.end());
    return cells;
  }

  bool per_word_, seeds_;
};

/// Whose tokens floors count, where there are several: marked by number, as names are long.
class FloorMarks {
 public:
  std::string of(const ModelFloor& floor) {
    if (floor.tokens_of.empty()) return "";
    const auto found = std::ranges::find(models_, floor.tokens_of);
    const auto number = found - models_.begin() + 1;
    if (found == models_.end()) models_.push_back(floor.tokens_of);
    return " (" + std::to_string(number) + ")";
  }

  std::string legend() const {
    if (models_.empty()) return "";
    std::string text = "In the tokens of ";
    for (size_t i = 0; i < models_.size(); ++i) {
      text += (i ? ", of " : "") + models_[i] + " (" + std::to_string(i + 1) + ")";
    }
    return paragraph(text + ".", "  ");
  }

 private:
  std::vector<std::string> models_;
};

std::string group_table(const ComparedGroup& group) {
  const GroupTable rows(group);
  Table table = rows.table();
  for (const ComparedModel& model : group.models) table.add(rows.row(model, group));
  FloorMarks marks;
  for (const ModelFloor& floor : floors_of(group)) table.add(rows.row(floor, marks.of(floor)));
  const bool against = !group.baseline.empty() && group.models.size() > 1;
  const std::string title = paragraph(
      group.metric + (against ? ", verdicts against " + group.baseline + " in bits per byte" : ""),
      "");
  return bold(title.substr(0, title.size() - 1)) + "\n" + table.text(terminal_width()) +
         marks.legend();
}

using Curve = std::vector<LengthPoint> ComparedModel::*;

/// The lengths at which a model of the group has a point.
std::vector<int64_t> lengths_of(const ComparedGroup& group, Curve curve) {
  std::set<int64_t> lengths;
  for (const ComparedModel& model : group.models) {
    for (const LengthPoint& point : model.*curve) lengths.insert(point.length);
  }
  return {lengths.begin(), lengths.end()};
}

/// Lengths that share a table, so that no line is wider than the terminal.
constexpr size_t lengths_of_a_table = 5;

std::string part_of_lengths(const std::string& title, const ComparedGroup& group, Curve curve,
                            std::span<const int64_t> lengths) {
  std::vector<Table::Column> columns{left(title, 16)};
  for (int64_t length : lengths) columns.push_back(right(std::to_string(length)));
  Table table(columns);
  for (const ComparedModel& model : group.models) {
    std::vector<std::string> cells{model.name};
    for (int64_t length : lengths) {
      const auto point = std::ranges::find(model.*curve, length, &LengthPoint::length);
      cells.push_back(point == (model.*curve).end() ? "-" : fixed(std::exp(point->nll), 1));
    }
    table.add(cells);
  }
  return "\n" + table.text(terminal_width());
}

/// Tables of perplexities by length; nothing where no model has that curve.
std::string length_tables(const std::string& title, const ComparedGroup& group, Curve curve) {
  const auto lengths = lengths_of(group, curve);
  if (tokenizers_differ(group)) return "";
  std::string text;
  for (size_t first = 0; first < lengths.size(); first += lengths_of_a_table) {
    const size_t count = std::min(lengths_of_a_table, lengths.size() - first);
    text += part_of_lengths(title, group, curve, std::span(lengths).subspan(first, count));
  }
  return text;
}

}  // namespace

std::string comparison_text(const CompareResult& result) {
  const ReportWords& words = english_words();
  std::string text =
      paragraph(documents_text(result, words) +
                    "Intervals: bootstrap of documents, and of seeds where a model has several.",
                "");
  for (const ComparedGroup& group : result.groups) {
    text += "\n" + group_table(group);
    for (const std::string& note : notes_of(group, words)) text += paragraph(note, "  ");
    text += length_tables("the same tokens, context", group, &ComparedModel::by_length);
    text += length_tables("long texts, windows of", group, &ComparedModel::disjoint);
  }
  for (const auto& [name, error] : result.failures) {
    text += "\n" + paragraph(name + ": not measured: " + error, "");
  }
  return text;
}

}  // namespace locus::cli
