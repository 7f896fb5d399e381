// Which file of a folder holds the weights.
#pragma once

#include <filesystem>
#include <string>

#include "models/files/model_files.hpp"

namespace locus::files {

struct StoredFiles {
  Weights weights;
  std::string format;
  bool by_variables = false;  ///< named by TensorFlow's variables
};

/// Opens the first kind of weights that the folder has. Throws Error where it has none, or several
/// checkpoints of TensorFlow.
StoredFiles open_stored_files(const std::filesystem::path& folder, ModelFiles& files);

/// The shards that an index names, which was read without complaint.
void note_shards(const std::filesystem::path& index, ModelFiles& files);

}  // namespace locus::files
