// What a result was made from, with hashes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/model.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/texts/documents.hpp"

namespace locus::cli {

/// [{"name", "bytes", "sha256"}]
Json document_receipts(const std::vector<Document>& documents);
/// SHA-256 of every file that a model was read from, by name.
std::map<std::string, std::string> file_receipts(const Model& model);

}  // namespace locus::cli
