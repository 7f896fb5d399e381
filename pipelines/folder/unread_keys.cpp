#include "pipelines/unread_keys.hpp"

#include "base/error.hpp"
#include "images/image_processor.hpp"

namespace locus {
namespace {

namespace fs = std::filesystem;

void add(const fs::path& file, const std::vector<std::string>& keys, std::vector<UnreadKey>& all) {
  for (const std::string& key : keys) all.push_back({file.string(), key});
}

/// A file that cannot be read is an error of who reads it: of `--image`.
std::vector<std::string> keys_of_images(const fs::path& folder) {
  try {
    return ImageProcessor::open(folder).unread_keys();
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

std::vector<UnreadKey> unread_keys(const Model& model, const Tokenizer* tokenizer) {
  std::vector<UnreadKey> keys = model.unread_keys();
  const fs::path& folder = model.folder();
  if (tokenizer) add(folder / "tokenizer_config.json", tokenizer->unread_keys(), keys);
  if (model.graph()->input().kind == GraphInput::Kind::map) {
    add(folder / "preprocessor_config.json", keys_of_images(folder), keys);
  }
  return keys;
}

}  // namespace locus
