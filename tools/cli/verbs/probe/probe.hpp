// What `locus probe` measures.
#pragma once

#include <string>
#include <vector>

#include "pipelines/probes.hpp"
#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/output/output.hpp"

namespace locus::cli {

struct ProbeOptions {
  CommonOptions common;
  std::vector<std::string> models;
  std::vector<std::string> texts;  ///< none: the shipped text
  std::string kind;                ///< recall, passkey or order; empty: all
  std::string lengths;
  std::string report, out, csv;
  std::string language = "en";  ///< of the report: en or zh
  int64_t trials = 16;
  uint64_t seed = 0;
};

std::string probes_text(const std::vector<ProbedModel>& models);
std::string probes_page(const std::vector<ProbedModel>& models, const ProbeSettings& settings,
                        const std::string& language);
/// A record a line: figures by probe, points by distance, cells of the passkey map.
std::string probes_csv(const std::vector<ProbedModel>& models);
Json probes_json(const std::vector<ProbedModel>& models, const ProbeSettings& settings);

}  // namespace locus::cli
