// What `locus doctor` says of a model.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/model.hpp"
#include "tokenizer/tokenizer.hpp"
#include "tools/cli/verbs/ablate/ablate.hpp"

namespace locus::cli {

/// How one thing was read, and where that is said.
struct Finding {
  std::string what;
  std::string value;
  std::string source;  ///< a key of config.json; of what is assumed, the models that it is true of
  bool assumed = false;  ///< no file says it
};

/// What the graph, its weights and its tokenizer (none: null) are.
std::vector<Finding> findings_of(const Model& model, const Tokenizer* tokenizer);
/// What files say against each other or against the graph, a sentence each.
std::vector<std::string> contradictions_of(const Model& model, const Tokenizer* tokenizer,
                                           std::span<const UnreadKey> unread);
/// Other graphs of the same weights that the author may have meant: each differs in one thing.
std::vector<AblationChange> other_readings(const GraphSpec& spec);

/// The other reading that predicts a text best.
struct Leader {
  std::string change;
  double nll = 0;
  double difference = 0;  ///< from as read, below 0
  Verdict verdict = Verdict::undecided;
  int64_t units = 0;
  std::vector<std::string> as_good;  ///< readings that the text does not tell from it

  bool sure() const { return verdict == Verdict::better; }
};

/// None where no reading is lower by more than what matters. The results are ranked.
std::optional<Leader> leader_of(const AblationReport& report);
Json to_json(const Leader& leader);
/// What the ranking comes to, in words.
std::string conclusion(const AblationReport& report);

/// The value of a key of a JSON file beside the model; null where there is none.
Json value_in(const Model& model, const std::string& file, const std::string& key);

}  // namespace locus::cli
