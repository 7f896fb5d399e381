// What `locus compare` measures.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipelines/comparison.hpp"
#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/progress.hpp"

namespace locus::cli {

struct CompareOptions {
  CommonOptions common;
  std::vector<std::string> models;  ///< none: every model that is shipped
  std::vector<std::string> texts;   ///< none: the shipped text
  std::string separator;
  std::string field;  ///< of JSON lines
  std::optional<int64_t> limit;
  std::string lengths;  ///< `64,128`; none: half to eight times the training length
  std::optional<int64_t> context, stride;
  std::string convention = "sliding";
  std::string baseline;
  double margin = margin_in_bits;
  std::string floors;  ///< a folder; none: the shipped one, where there is one
  std::string report;
  std::string language = "en";  ///< of the report: en or zh
  std::string out, csv, markdown, latex, figure;
  std::string results;  ///< a folder of what was measured before
  std::string seeds;    ///< a file that `out` wrote of the same models from other seeds
  std::string verify;   ///< a file that `out` wrote, to be held against what is there now
  int64_t sample = default_sample;
  uint64_t seed = 0;
  bool full = false;
};

/// A model that could not be measured, and why.
struct Failure {
  std::string name, error;
};

struct CompareResult {
  std::vector<Document> documents;
  int64_t bytes = 0;
  std::vector<int64_t> lengths;
  std::vector<ComparedGroup> groups;
  std::vector<Failure> failures = {};
  std::shared_ptr<const Floors> floors = {};
};

/// Opens one model and measures it. `step`: which of several it is, for the progress bar.
std::vector<ComparedModel> measure_model(const std::string& name, const CompareOptions& options,
                                         const CompareResult& setting, const Step& step = {});

std::string comparison_text(const CompareResult& result);
Json comparison_json(const CompareResult& result, const CompareOptions& options);
/// What everything that is measured depends on.
Json settings_json(const CompareResult& result, const CompareOptions& options);
/// A record a line: models, their runs, floors and points of curves.
std::string comparison_csv(const CompareResult& result);
/// A table for each group, with its notes.
std::string comparison_markdown(const CompareResult& result);
std::string comparison_latex(const CompareResult& result);

}  // namespace locus::cli
