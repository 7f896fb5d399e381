// What `locus perplexity` measured, and how it is written.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evaluation/score.hpp"
#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/texts/documents.hpp"
#include "tools/cli/texts/languages.hpp"
#include "tools/cli/texts/scoring.hpp"

namespace locus::cli {

struct PerplexityOptions {
  CommonOptions common;
  std::vector<std::string> texts;
  std::string separator;
  std::string ids_file;
  std::string source;
  LanguageOptions languages;
  std::string task;
  std::string convention = "sliding";
  std::optional<int64_t> context;
  std::optional<int64_t> stride;
  int64_t sample = default_sample;
  uint64_t seed = 0;
  bool full = false;
  std::string per_token;
};

/// What is scored.
struct PerplexityInput {
  std::vector<Document> documents;  ///< empty where ids were given
  std::vector<Text> texts;
};

struct PerplexityResult {
  Summary summary;
  Interval interval;  ///< 95 %, of the mean nll of a token
  std::string unit;   ///< of the bootstrap
  size_t units = 0;
  std::optional<double> lossy_share;
};

/// Everything that a report of the figure needs.
struct PerplexityReport {
  const Model& model;
  const Tokenizer* tokenizer;
  const PerplexityInput& input;
  const ScoringSettings& settings;
  const PerplexityResult& result;
  int threads = 0;
};

/// The controls that a figure depends on, with receipts.
Json settings_json(const PerplexityReport& report);
Json to_json(const PerplexityReport& report);
std::string to_text(const PerplexityReport& report);

/// Writes a JSON line for each scored token.
void write_token_lines(const std::string& file, std::span<const Text> texts,
                       std::span<const TextScores> scores, const Tokenizer* tokenizer);

}  // namespace locus::cli
