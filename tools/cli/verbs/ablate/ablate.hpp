// What `locus ablate` measures, also for `locus doctor`.
#pragma once

#include <string>
#include <vector>

#include "pipelines/ablation.hpp"
#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/output/output.hpp"

namespace locus::cli {

/// On what changes are measured.
struct AblationOptions {
  CommonOptions common;
  std::vector<std::string> texts;  ///< empty: the shipped text
  std::string separator;
  AblationSettings settings;
};

/// One change as the command line writes it: `remove`, `shift:7`, `scale:0.5`, `shuffle:1`,
/// `swap:alibi`. Throws UsageError for anything else.
AblationChange parse_change(const std::string& text);

/// Reads the texts and measures, with a progress bar.
AblationReport measure_changes(const AblationOptions& options,
                               const std::vector<AblationChange>& changes);

/// Says that `--sample`, which is given, draws nothing for a causal model.
void warn_of_sample(const AblationReport& report);

std::string to_text(const AblationReport& report);
Json to_json(const AblationReport& report);
Json to_json(const AblationResult& result);

}  // namespace locus::cli
