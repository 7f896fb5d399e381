// What the report says, in each of its languages. Places in braces are filled.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/statistics.hpp"
#include "tools/cli/verbs/compare/comparison.hpp"

namespace locus::cli {

/// A picture's axes, and one sentence on how to read it.
struct PictureWords {
  std::string_view x, y, reading;
};

/// A chart's title, how to read it, and what its axes are.
struct ChartWords {
  std::string_view title, reading, x, y;
};

/// Titles of the tables' columns.
struct ColumnWords {
  std::string_view model, encoding, seeds, bits_per_byte, letters, difference, verdict,
      word_perplexity, top1, top5, entropy, tokens, parameters, from, to, context, from_position, p;
};

/// Sentences about a group.
struct NoteWords {
  std::string_view conditions, conditions_of;  ///< under which figures were had
  std::string_view windows_sliding, windows_apart, windows_masked, windows_infill;
  std::string_view unit_document, unit_block;
  std::string_view best, tied, alone, nothing;  ///< which model leads
  std::string_view versus, several;
  std::string_view scopes_files, scopes_configurations, scopes_encodings, scopes_mixed;
  std::string_view margin, margin_of_seeds, seeds_move, within_seeds, letters, p_floor;
  std::string_view recipe_same, recipe_differs, recipe_field, recipe_unknown, recipe_unknown_of_all,
      unfinished;
  std::string_view not_trained, run_not_trained, repeated_run, other_text, one_recipe,
      other_baseline;
  std::string_view floors_of_text, floors_of_training, floors_of_both;
  std::string_view tokenizers, failed;
};

struct ReportWords {
  std::string_view language;  ///< of the page, BCP 47
  std::string_view title, introduction;
  std::string_view one_document, documents;
  std::string_view differences, length, training, results, encodings, claims, claims_note, controls,
      settings, files, numbers, picture, download_numbers, all_series;
  std::string_view baseline, not_comparable, not_trained, floor;
  std::string_view between, list_end, colon, comma, sentence_gap;  ///< of lists
  std::array<std::string_view, 5> verdicts;                        ///< in the order of Verdict
  std::array<std::string_view, 3> floors;     ///< in the order of ModelFloor::Kind
  std::array<std::string_view, 5> metrics;    ///< in the order of ScoringTask
  std::array<std::string_view, 5> questions;  ///< what each metric asks, likewise
  std::array<PictureWords, 5> pictures;       ///< in the order of EncodingPicture::Kind
  ChartWords forest, change, disjoint, position, tokens_seen;
  std::string_view bands, training_length, clipped, perplexity, run, encoder, decoder,
      without_floors;
  ColumnWords columns;
  NoteWords notes;

  /// What the task's metric asks of a model.
  std::string_view question_of(ScoringTask task) const {
    return questions[static_cast<size_t>(task)];
  }
};

const ReportWords& english_words();
const ReportWords& chinese_words();
/// `en` or `zh`. Throws Error for another language.
const ReportWords& words_of(std::string_view language);

/// A sentence with its places filled.
std::string phrase(std::string_view sentence, const std::map<std::string, std::string>& places);
/// Names with the language's commas.
std::string joined(const std::vector<std::string>& names, const ReportWords& words);

/// What is drawn of an encoding.
const PictureWords& picture_words(EncodingPicture::Kind kind, const ReportWords& words);
std::string verdict_word(Verdict verdict, const ReportWords& words);
std::string metric_word(ScoringTask task, const ReportWords& words);
std::string floor_word(ModelFloor::Kind kind, const ReportWords& words);
/// The name of one of several floors, with the model whose tokens it counted if models differ
/// there.
std::string floor_word(const ModelFloor& floor, const ReportWords& words);
/// `1 document`, `32 documents`
std::string documents_text(const CompareResult& result, const ReportWords& words);

}  // namespace locus::cli
