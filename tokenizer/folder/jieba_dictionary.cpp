#include "tokenizer/folder/jieba_dictionary.hpp"

#include <cstdlib>
#include <vector>

#include "base/error.hpp"

namespace locus::tokenization {
namespace {

namespace fs = std::filesystem;

fs::path named_dictionary(const fs::path& named) {
  const fs::path file = fs::is_directory(named) ? named / "dict.txt" : named;
  if (!fs::is_regular_file(file)) throw Error("LOCUS_JIEBA", "jieba's dict.txt", named.string());
  return file;
}

// Of an environment, where its Python packages may lie.
std::vector<fs::path> package_folders(const fs::path& prefix) {
  std::vector<fs::path> folders;
  std::error_code absent;
  for (const auto& entry : fs::directory_iterator(prefix / "lib", absent)) {
    if (!entry.path().filename().string().starts_with("python3")) continue;
    folders.push_back(entry.path() / "site-packages" / "jieba");
    folders.push_back(entry.path() / "dist-packages" / "jieba");
  }
  return folders;
}

std::vector<fs::path> python_prefixes() {
  std::vector<fs::path> prefixes;
  for (const char* name : {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
    if (const char* prefix = std::getenv(name)) prefixes.emplace_back(prefix);
  }
  if (const char* home = std::getenv("HOME")) prefixes.push_back(fs::path(home) / ".local");
  prefixes.emplace_back("/usr/local");
  prefixes.emplace_back("/usr");
  return prefixes;
}

}  // namespace

fs::path jieba_dictionary(const fs::path& folder) {
  if (const char* named = std::getenv("LOCUS_JIEBA"); named && *named) {
    return named_dictionary(named);
  }
  if (fs::is_regular_file(folder / "jieba_dict.txt")) return folder / "jieba_dict.txt";
  for (const fs::path& prefix : python_prefixes()) {
    for (const fs::path& package : package_folders(prefix)) {
      if (fs::is_regular_file(package / "dict.txt")) return package / "dict.txt";
    }
  }
  return {};
}

}  // namespace locus::tokenization
