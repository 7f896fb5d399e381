// What a model makes of positions while it reads a text.
#pragma once

#include <string>
#include <vector>

#include "engine/session.hpp"
#include "evaluation/attention_reach.hpp"
#include "models/model.hpp"
#include "tokenizer/tokenizer.hpp"
#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/report/arrow_chart.hpp"

namespace locus::cli {

/// What one position node adds to the tokens of a text.
struct AddedPositions {
  std::string node;
  std::vector<double> token_norms;     ///< before the node, sorted
  std::vector<double> position_norms;  ///< of what is added, by position
  std::vector<Arrow> words;            ///< of the text's beginning, on its two main axes
};

struct PositionMeasure {
  int64_t tokens = 0;
  int64_t documents = 0;
  std::vector<AttentionReach> reach;
  std::vector<AddedPositions> added;  ///< none where nothing is added to token vectors
};

/// What the model's position nodes add to texts, of which `tokens` name the first words.
std::vector<AddedPositions> measure_added(const Model& model, const SessionOptions& options,
                                          const std::vector<EncodedText>& texts);

/// Reads the beginning of every document, as much as the model was trained to read at once.
PositionMeasure measure_positions(const Model& model, const CommonOptions& options,
                                  const std::vector<std::string>& texts);

}  // namespace locus::cli
