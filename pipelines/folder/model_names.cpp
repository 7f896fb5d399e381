#include "pipelines/model_names.hpp"

#include <algorithm>
#include <filesystem>

namespace locus {
namespace fs = std::filesystem;
namespace {

constexpr size_t max_parts = 8;

fs::path without_slash(const fs::path& path) {
  return path.has_filename() || !path.has_parent_path() ? path : path.parent_path();
}

fs::path plain(const std::string& path) {
  const fs::path whole = without_slash(fs::path(path).lexically_normal());
  const bool named = whole.filename() != "." && whole.filename() != "..";
  return named ? whole : without_slash(fs::absolute(whole).lexically_normal());
}

/// The last `parts` parts of a path.
std::string end_of(const fs::path& path, size_t parts) {
  fs::path end = path.filename();
  fs::path rest = path.parent_path();
  for (; parts > 1 && !rest.filename().empty(); --parts, rest = rest.parent_path()) {
    end = rest.filename() / end;
  }
  return end.string();
}

}  // namespace

std::vector<std::string> model_names(const std::vector<std::string>& paths) {
  std::vector<fs::path> all;
  for (const std::string& path : paths) all.push_back(plain(path));
  std::vector<std::string> names;
  for (const fs::path& path : all) {
    const auto shared = [&](size_t parts) {
      const auto same = [&](const fs::path& other) {
        return end_of(other, parts) == end_of(path, parts);
      };
      return std::ranges::count_if(all, same);
    };
    size_t parts = 1;
    while (parts < max_parts && shared(parts) > 1) ++parts;
    if (shared(parts) > 1) parts = 1;  // the same model twice
    names.push_back(end_of(path, parts));
  }
  return names;
}

}  // namespace locus
