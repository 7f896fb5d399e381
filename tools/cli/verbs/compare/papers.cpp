// Tables for a paper: Markdown and LaTeX.
#include <cmath>

#include "tools/cli/report/notes.hpp"

namespace locus::cli {
namespace {

using Cells = std::vector<std::string>;

/// The cells of a group's table, by row; the first row is the heading.
std::vector<Cells> cells_of(const ComparedGroup& group) {
  const ReportWords& words = english_words();
  const bool per_word = tokenizers_differ(group);
  std::vector<Cells> rows{{"model", "seeds", per_word ? "word perplexity" : group.metric,
                           "bits per byte", "95 %", "difference", "95 %", "p", "letters",
                           "verdict"}};
  for (const ComparedModel& model : group.models) {
    const double value =
        per_word ? model.summary.word_perplexity.value_or(NAN) : model.summary.perplexity;
    const Comparison* own = model.comparison ? &*model.comparison : nullptr;
    rows.push_back({model.name, std::to_string(model.runs.size()), fixed(value, 2),
                    fixed(bits_of(model), 3), interval_text(model.bits_interval),
                    own ? signed_fixed(own->difference, 3) : "",
                    own ? interval_text(own->interval) : "", own ? p_text(*own) : "", model.letters,
                    verdict_of(model, group, words)});
  }
  for (const ModelFloor& floor : floors_of(group)) {
    rows.push_back({"floor: " + floor_word(floor, words), "",
                    per_word ? "" : fixed(std::exp(floor.nll), 2), fixed(floor.bits_per_byte, 3),
                    "", "", "", "", "", ""});
  }
  return rows;
}

/// What is said below a table: the finding, and the notes that it does not hold already.
std::vector<std::string> sentences_of(const ComparedGroup& group) {
  std::vector<std::string> sentences{finding_of(group, english_words())};
  for (std::string& note : notes_of(group, english_words())) {
    if (sentences.front().find(note) == std::string::npos) sentences.push_back(std::move(note));
  }
  return sentences;
}

std::string escaped(const std::string& text, std::string_view special) {
  std::string safe;
  for (const char letter : text) {
    if (special.find(letter) != special.npos) safe += '\\';
    safe += letter;
  }
  return safe;
}

/// What has a name of its own in LaTeX's text, and what a backslash goes before.
std::string latex_text(const std::string& text) {
  std::string safe;
  for (const char letter : text) {
    if (letter == '<') {
      safe += "\\textless{}";
    } else if (letter == '\\') {
      safe += "\\textbackslash{}";
    } else if (letter == '~') {
      safe += "\\textasciitilde{}";
    } else if (letter == '^') {
      safe += "\\textasciicircum{}";
    } else {
      safe += escaped(std::string(1, letter), "%_&#${}");
    }
  }
  return safe;
}

std::string markdown_row(const Cells& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + escaped(cell, "|*_<") + " |";
  return line + "\n";
}

std::string latex_row(const Cells& cells) {
  std::string line;
  for (const std::string& cell : cells) line += (line.empty() ? "" : " & ") + latex_text(cell);
  return line + " \\\\\n";
}

}  // namespace

std::string comparison_markdown(const CompareResult& result) {
  const ReportWords& words = english_words();
  std::string text = documents_text(result, words) + std::string(words.introduction) + "\n";
  for (const ComparedGroup& group : result.groups) {
    const auto rows = cells_of(group);
    text += "\n## " + group.metric + "\n\n" + markdown_row(rows.front()) +
            "|---|--:|--:|--:|---|--:|---|--:|---|---|\n";
    for (size_t i = 1; i < rows.size(); ++i) text += markdown_row(rows[i]);
    text += "\n";
    for (const std::string& sentence : sentences_of(group)) text += "- " + sentence + "\n";
  }
  for (const auto& [name, error] : result.failures) {
    text += "\nNot measured: " + name + ": " + error + "\n";
  }
  return text;
}

std::string comparison_latex(const CompareResult& result) {
  std::string text = "% " + documents_text(result, english_words()) + "Needs booktabs.\n";
  for (const ComparedGroup& group : result.groups) {
    const auto rows = cells_of(group);
    text += "\\begin{table}\n\\centering\\small\n\\begin{tabular}{lrrrlrlrll}\n\\toprule\n" +
            latex_row(rows.front()) + "\\midrule\n";
    for (size_t i = 1; i < rows.size(); ++i) text += latex_row(rows[i]);
    std::string caption;
    for (const std::string& sentence : sentences_of(group)) {
      caption += (caption.empty() ? "" : " ") + sentence;
    }
    text +=
        "\\bottomrule\n\\end{tabular}\n\\caption{" + latex_text(caption) + "}\n\\end{table}\n\n";
  }
  return text;
}

}  // namespace locus::cli
