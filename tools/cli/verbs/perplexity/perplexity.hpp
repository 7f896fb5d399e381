// What `locus perplexity` measured, and how it is written.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/output/output.hpp"

namespace locus::cli {

struct PerplexityOptions {
  CommonOptions common;
  std::vector<std::string> texts;
  std::string separator;
  std::string field;  ///< of JSON lines
  std::optional<int64_t> limit;
  std::string ids_file;
  std::string source;
  std::string convention = "sliding";
  bool full = false;
  std::string bos;
  std::string per_token;
  EvaluateOptions evaluate;
};

/// A figure, and what it was measured with.
struct PerplexityReport {
  const Model& model;
  const Evaluation& evaluation;
  int threads = 0;
};

/// The controls that a figure depends on, with hashes of all files.
Json settings_json(const PerplexityReport& report);
Json to_json(const PerplexityReport& report);
std::string to_text(const PerplexityReport& report);

/// Writes a JSON line for each scored token.
void write_token_lines(const std::string& file, const Evaluation& evaluation);

}  // namespace locus::cli
