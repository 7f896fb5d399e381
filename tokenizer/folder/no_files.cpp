#include "tokenizer/folder/no_files.hpp"

#include <string>

#include "base/error.hpp"

namespace locus::tokenization {

void refuse_without_files(const std::filesystem::path& folder, const TokenizerClass* type) {
  std::string found;
  for (const char* name : {"vocab.txt", "vocab.json", "merges.txt"}) {
    if (!std::filesystem::exists(folder / name)) continue;
    found += (found.empty() ? "" : ", ") + std::string(name);
  }
  if (type && !found.empty()) {
    throw Error(folder.string(),
                "tokenizer.json, the files that " + std::string(type->name) +
                    " reads, or another 'tokenizer_class' in tokenizer_config.json",
                found);
  }
  throw Error(
      folder.string(),
      "tokenizer.json, vocab.txt, vocab.json with merges.txt, spiece.model, tokenizer.model, "
      "source.spm with target.spm and vocab.json, or tokenizer.bin",
      found.empty() ? "none of them" : found);
}

}  // namespace locus::tokenization
