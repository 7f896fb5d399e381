#include "tools/cli/output/provenance.hpp"

namespace locus::cli {

Json hashes_json(const std::vector<Document>& documents) {
  return hashes_json(hashes_of(documents));
}

Json hashes_json(const std::vector<DocumentHash>& hashes) {
  Json list = Json::array();
  for (const auto& [name, bytes, sha256] : hashes) {
    list.push_back({{"name", name}, {"bytes", bytes}, {"sha256", sha256}});
  }
  return list;
}

}  // namespace locus::cli
