// What of a written comparison can be recomputed.
#pragma once

#include <string>
#include <vector>

#include "tools/cli/verbs/compare/comparison.hpp"

namespace locus::cli {

/// One thing that was held against the file.
struct VerifyCheck {
  std::string what;
  bool ok = false;
  std::string written;
  std::string found;
};

/// Hashes texts and models again, adds up the documents' figures, repeats intervals and tests, and
/// scores some documents (drawn anew each time) again. `setting` holds the documents. Throws Error
/// where the file is none that `--out` wrote.
std::vector<VerifyCheck> verify_comparison(const CompareOptions& options, CompareResult setting);

std::string verification_text(const std::vector<VerifyCheck>& checks);
Json verification_json(const std::vector<VerifyCheck>& checks);

}  // namespace locus::cli
