#include "tools/cli/folder/provenance.hpp"

#include "base/sha256.hpp"

namespace locus::cli {

Json document_receipts(const std::vector<Document>& documents) {
  Json receipts = Json::array();
  for (const auto& [name, raw] : documents) {
    receipts.push_back({{"name", name}, {"bytes", raw.size()}, {"sha256", sha256(raw)}});
  }
  return receipts;
}

std::map<std::string, std::string> file_receipts(const Model& model) {
  std::map<std::string, std::string> receipts;
  for (const auto& [file, path] : model.files()) receipts[file] = sha256_of_file(path);
  return receipts;
}

}  // namespace locus::cli
