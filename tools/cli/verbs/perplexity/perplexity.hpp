// What `locus perplexity` measured, and how it is written.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/output/staging.hpp"

namespace locus::cli {

struct PerplexityOptions {
  CommonOptions common;
  std::vector<std::string> texts;
  std::string separator;
  std::string field;  ///< of JSON lines
  std::optional<int64_t> limit;
  std::string ids_file;
  std::string source;
  std::string convention;
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

/// A file with a JSON line for each scored token, whole or not at all.
class TokenLines {
 public:
  explicit TokenLines(std::string file) : file_(std::move(file)), staging_(file_) {}
  /// `document` names it, `byte_begin` is nothing where ids were given.
  void add(std::string_view document, const TokenScore& score, std::optional<int64_t> byte_begin,
           const Tokenizer* tokenizer);
  void commit();

 private:
  void flush();

  std::string file_;
  InterruptibleStaging staging_;
  std::string lines_;  // that are not written yet
};

/// Writes those of an evaluation in memory.
void write_token_lines(const std::string& file, const Evaluation& evaluation);

}  // namespace locus::cli
