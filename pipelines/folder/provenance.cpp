#include "pipelines/provenance.hpp"

#include "base/sha256.hpp"
#include "pipelines/model_files.hpp"

namespace locus {

std::vector<DocumentHash> hashes_of(const std::vector<Document>& documents,
                                    const CancelCheck& check) {
  std::vector<DocumentHash> hashes;
  for (const auto& [name, raw] : documents) {
    hashes.push_back({name, static_cast<int64_t>(raw.size()), sha256(raw, check)});
  }
  return hashes;
}

std::map<std::string, std::string> hashes_of(const Model& model, const CancelCheck& check) {
  std::map<std::string, std::string> hashes;
  for (const auto& [file, path] : all_files(model)) hashes[file] = sha256_of_file(path, check);
  expect_unchanged_files(model);
  return hashes;
}

}  // namespace locus
