#include "tools/cli/output/provenance.hpp"

#include "pipelines/provenance.hpp"

namespace locus::cli {

Json hashes_json(const std::vector<Document>& documents) {
  Json list = Json::array();
  for (const auto& [name, bytes, sha256] : hashes_of(documents)) {
    list.push_back({{"name", name}, {"bytes", bytes}, {"sha256", sha256}});
  }
  return list;
}

}  // namespace locus::cli
