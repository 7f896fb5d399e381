// What the report says, in each of its languages.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "evaluation/statistics.hpp"
#include "tools/cli/verbs/compare/comparison.hpp"

namespace locus::cli {

/// A picture's axes, and one sentence on how to read it.
struct PictureWords {
  std::string_view x, y, reading;
};

struct ReportWords {
  std::string_view language;  ///< of the page, BCP 47
  std::string_view title, introduction;
  std::string_view documents, bytes;  ///< behind their numbers
  std::string_view results, results_note, length, position, encodings, controls, settings, files,
      numbers;
  std::string_view model, encoding, bits_per_byte, top1, top5, tokens, parameters, against;
  std::string_view baseline, not_comparable;
  std::string_view best, versus, several, alone;     ///< of the verdict, with places in braces
  std::string_view between, list_end, colon, comma;  ///< of its lists
  std::array<std::string_view, 5> verdicts;          ///< in the order of Verdict
  std::array<std::string_view, 5> metrics;           ///< in the order of ScoringTask
  std::array<std::string_view, 5> questions;         ///< what each metric asks, likewise
  std::array<PictureWords, 5> pictures;              ///< in the order of EncodingPicture::Kind
  std::string_view luck;                             ///< with the place {difference}
  std::string_view seed_title, seed_reading, run, bits_per_byte_axis;
  std::string_view position_title, position_reading, position_x, loss, from_position;
  std::string_view length_title, length_reading, bands_reading, training_length, length_x,
      perplexity, context, from, to;
  std::string_view disjoint_title, disjoint_reading, disjoint_x;
  std::string_view claims, claims_note;  ///< where sentences about encodings are measured
  std::string_view ladder, ladder_note, metric, entropy;

  /// What the task's metric asks of a model.
  std::string_view question_of(ScoringTask task) const {
    return questions[static_cast<size_t>(task)];
  }
};

/// `en` or `zh`. Throws Error for another language.
const ReportWords& words_of(std::string_view language);
/// What is drawn of an encoding.
const PictureWords& picture_words(EncodingPicture::Kind kind, const ReportWords& words);
std::string verdict_word(Verdict verdict, const ReportWords& words);
std::string metric_word(ScoringTask task, const ReportWords& words);

/// What of a difference may be the seed's doing.
std::string luck_sentence(const SeedSpread& luck, const ReportWords& words);

/// A group's comparison in a sentence or two.
std::string verdict_sentence(const ComparedGroup& group, const ReportWords& words);

}  // namespace locus::cli
