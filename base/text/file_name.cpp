#include "base/file_name.hpp"

#include <algorithm>
#include <string>

#include "base/error.hpp"

namespace locus {
namespace {

constexpr size_t max_name_bytes = 255, max_path_bytes = 1024;  // bytes

bool is_plain(std::string_view name) {
  return !name.empty() && name.size() <= max_name_bytes && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\\:\0", 4)) == std::string_view::npos;
}

}  // namespace

void expect_file_name(std::string_view who, std::string_view name) {
  if (is_plain(name)) return;
  if (name.size() > max_name_bytes) {
    throw Error(who, "a file name of at most 255 bytes", std::to_string(name.size()));
  }
  throw Error(who, "a file name without a folder", "'" + std::string(name) + "'");
}

std::filesystem::path inner_folder(std::string_view who, const std::filesystem::path& folder,
                                   std::string_view path) {
  if (path.size() > max_path_bytes) {
    throw Error(who, "a path of at most 1,024 bytes", std::to_string(path.size()));
  }
  std::filesystem::path inner = folder;
  for (std::string_view rest = path; !rest.empty();) {
    const std::string_view name = rest.substr(0, rest.find('/'));
    if (!is_plain(name)) {
      throw Error(who, "a folder within the model's", "'" + std::string(path) + "'");
    }
    inner /= name;
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
  }
  return inner;
}

}  // namespace locus
