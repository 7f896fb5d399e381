// How a folder's sentence-transformers files say that texts become vectors.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "models/embed.hpp"

namespace locus::pipelines {

struct SentenceSettings {
  Pooling pooling = Pooling::mean;
  bool normalize = false;
  bool lower_case = false;
  std::optional<int64_t> max_length;  ///< tokens at which a text is cut
  bool found = false;                 ///< whether the folder has such files
};

/// Reads `modules.json`, the pooling module's `config.json` and `sentence_bert_config.json`. Throws
/// Error for modules and poolings that are not known.
SentenceSettings read_sentence_files(const std::filesystem::path& folder);

}  // namespace locus::pipelines
