// The POSIX way.
#include "base/staging.hpp"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>

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

/// A device or a pipe is written to; a new file in its place would take it from everyone.
bool is_special(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

/// Where a link leads, so that the link stays.
fs::path without_links(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_symlink(path, ignored) || is_special(path)) return path;
  const fs::path target = fs::weakly_canonical(path, ignored);
  return ignored ? path : target;
}

void copy_into(const fs::path& special, const fs::path& written) {
  std::ifstream from(written, std::ios::binary);
  std::ofstream to(special, std::ios::binary);
  if (from.peek() != std::ifstream::traits_type::eof()) to << from.rdbuf();
  to.flush();
  if (!from || !to) throw Error(special.string(), "room to write", std::strerror(errno));
}

}  // namespace

Staging::Staging(const fs::path& destination)
    : destination_(without_links(without_trailing_slash(destination))) {
  if (destination_.filename().empty()) throw Error("output", "a path", "none");
  // Beside a device no folder may be made.
  folder_ =
      make_folder(is_special(destination_) ? fs::temp_directory_path() / destination_.filename()
                                           : destination_);
  path_ = folder_ / destination_.filename();
}

Staging::~Staging() {
  std::error_code ignored;
  fs::remove(path_, ignored);  // needs no file to be opened, of which there may be too many
  if (!fs::remove(folder_, ignored)) fs::remove_all(folder_, ignored);
}

void Staging::commit() {
  if (!fs::is_directory(path_)) expect_no_folder(destination_);
  if (is_special(destination_)) return copy_into(destination_, path_);
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
