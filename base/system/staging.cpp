// The POSIX way.
#include "base/staging.hpp"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/error.hpp"

namespace locus {
namespace fs = std::filesystem;
namespace {

fs::path folder_of(const fs::path& destination) {
  const auto folder = destination.parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

/// Its name has a random part, so that two programs may write the same file: the later one wins.
fs::path make_folder(const fs::path& destination) {
  const auto name = "." + destination.filename().string() + ".XXXXXX";
  auto text = (folder_of(destination) / name).string();
  if (mkdtemp(text.data())) return text;
  throw Error(destination.string(), "a file that can be written", std::strerror(errno));
}

// `out/` names the folder `out`.
fs::path without_trailing_slash(const fs::path& path) {
  return path.has_filename() ? path : path.parent_path();
}

}  // namespace

Staging::Staging(fs::path destination) : destination_(without_trailing_slash(destination)) {
  if (destination_.filename().empty()) throw Error("output", "a path", "none");
  folder_ = make_folder(destination_);
  path_ = folder_ / destination_.filename();
}

Staging::~Staging() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void Staging::commit() {
  if (!fs::is_directory(path_)) expect_no_folder(destination_);
  try {
    // A folder cannot be renamed onto one that is not empty.
    if (fs::is_directory(destination_)) fs::rename(destination_, folder_ / "replaced");
    fs::rename(path_, destination_);
  } catch (const fs::filesystem_error& error) {
    throw Error(destination_.string(), "a file that can be written", error.code().message());
  }
}

void expect_no_folder(const fs::path& destination) {
  if (!fs::is_directory(destination)) return;
  throw Error(destination.string(), "the name of a file", "a folder");
}

}  // namespace locus
