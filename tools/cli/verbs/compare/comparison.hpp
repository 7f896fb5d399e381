// What `locus compare` measures.
#pragma once

#include <string>
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
  std::string lengths;  ///< `64,128`; none: half to eight times the training length
  std::string baseline;
  std::string report;
  std::string language = "en";  ///< of the report: en or zh
  std::string out;
  std::string csv;
  std::string seeds;   ///< a file that `out` wrote of the same models from other seeds
  std::string verify;  ///< a file that `out` wrote, to be held against what is there now
  int64_t sample = default_sample;
  uint64_t seed = 0;
  bool full = false;
};

struct CompareResult {
  std::vector<Document> documents;
  int64_t bytes = 0;
  std::vector<int64_t> lengths;
  std::vector<ComparedGroup> groups;
  int threads = 0;
};

/// Opens one model and measures it. `step`: which of several it is, for the progress bar.
std::vector<ComparedModel> measure_model(const std::string& name, const CompareOptions& options,
                                         const CompareResult& setting, const Step& step = {});

/// `[2.192, 2.442]`; nothing for the interval of one document, which has no ends.
std::string interval_text(const Interval& interval);
std::string comparison_text(const CompareResult& result);
Json comparison_json(const CompareResult& result, const CompareOptions& options);
std::string comparison_csv(const CompareResult& result);

}  // namespace locus::cli
