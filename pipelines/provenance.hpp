// What a result was made from, with hashes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "../evaluation/score_text.hpp"
#include "../models/model.hpp"
#include "documents.hpp"

namespace locus {

/// A text that was read.
struct DocumentHash {
  std::string name;
  int64_t bytes = 0;
  std::string sha256;
};
std::vector<DocumentHash> hashes_of(const std::vector<Document>& documents,
                                    const CancelCheck& check = {});

/// SHA-256 of every file that decides what a model and its tokenizer do, by name. Throws Error
/// where one was changed since the model was opened: the hash would be another file's.
std::map<std::string, std::string> hashes_of(const Model& model, const CancelCheck& check = {});

}  // namespace locus
