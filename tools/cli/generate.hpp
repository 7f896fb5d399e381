// `locus generate`, also for `locus run`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/generate.hpp"
#include "tools/cli/support/common_options.hpp"

namespace locus::cli {

struct GenerateOptions {
  CommonOptions common;
  std::vector<std::string> prompts;
  std::string ids;
  std::optional<int64_t> max_tokens;
  std::optional<double> temperature;
  std::string early_stopping;
  std::vector<std::string> stop;
  GenerationSettings settings;  ///< what needs no translation
};

void generate(const GenerateOptions& options, const Model& model);

}  // namespace locus::cli
