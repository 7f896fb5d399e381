// What a result was made from, in JSON.
#pragma once

#include <vector>

#include "evaluation/score_text.hpp"
#include "tools/cli/output/output.hpp"

namespace locus::cli {

/// [{"name", "bytes", "sha256"}]
Json hashes_json(const std::vector<Document>& documents);

}  // namespace locus::cli
