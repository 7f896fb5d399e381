// What a result was made from, in JSON.
#pragma once

#include <vector>

#include "pipelines/provenance.hpp"
#include "tools/cli/output/output.hpp"

namespace locus::cli {

/// [{"name", "bytes", "sha256"}]
Json hashes_json(const std::vector<Document>& documents);
Json hashes_json(const std::vector<DocumentHash>& hashes);

}  // namespace locus::cli
