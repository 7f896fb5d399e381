// Folders of translators' tokenizers.
#pragma once

#include <algorithm>
#include <vector>

#include "tests/tokenizer/support.hpp"

namespace locus::tests {

inline Json targets() {
  return Json::parse(read_text(source_path("tests/goldens/tokenizers/targets.json")));
}

/// Ids in reverse, those of special tokens excepted.
inline Json turned_round(const Json& vocabulary) {
  std::vector<int32_t> free;
  const auto kept = [](const std::string& token) {
    return token == "</s>" || token == "<unk>" || token == "<pad>";
  };
  for (const auto& [token, id] : vocabulary.items()) {
    if (!kept(token)) free.push_back(id);
  }
  std::ranges::sort(free);
  Json turned = vocabulary;
  for (const auto& [token, id] : vocabulary.items()) {
    if (kept(token)) continue;
    const auto place = std::ranges::lower_bound(free, id.get<int32_t>()) - free.begin();
    turned[token] = free[free.size() - 1 - static_cast<size_t>(place)];
  }
  return turned;
}

/// The folder of a case of targets.json, which `description` is.
inline std::unique_ptr<TemporaryFolder> target_folder(const std::string& name,
                                                      const Json& description) {
  auto folder = described_folder(description.at("folder"));
  if (name == "two_vocabularies") {
    const Json vocabulary = Json::parse(read_text(folder->path() / "vocab.json"));
    folder->write("target_vocab.json", turned_round(vocabulary).dump());
  }
  return folder;
}

}  // namespace locus::tests
