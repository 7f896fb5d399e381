#include "tools/cli/output/staging.hpp"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>

#include "base/error.hpp"

namespace locus::cli {
namespace fs = std::filesystem;
namespace {

fs::path folder_of(const fs::path& destination) {
  const auto folder = destination.parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

fs::path make_staging_folder(const fs::path& destination) {
  const auto name = "." + destination.filename().string() + ".XXXXXX";
  auto text = (folder_of(destination) / name).string();
  if (!mkdtemp(text.data())) {
    throw Error(destination.string(), "a folder that can be written to",
                folder_of(destination).string() + " (" + std::strerror(errno) + ")");
  }
  return text;
}

// `out/` names the folder `out`.
fs::path without_trailing_slash(const fs::path& path) {
  return path.has_filename() ? path : path.parent_path();
}

}  // namespace

Staging::Staging(fs::path destination) : destination_(without_trailing_slash(destination)) {
  if (destination_.filename().empty()) throw Error("output", "a path", "none");
  folder_ = make_staging_folder(destination_);
  unfinished_.emplace(folder_);
  path_ = folder_ / destination_.filename();
}

Staging::~Staging() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void Staging::commit() {
  check_interruption();
  if (!fs::is_directory(path_)) expect_no_folder(destination_);
  try {
    // A folder cannot be renamed onto one that is not empty.
    if (fs::is_directory(destination_)) fs::rename(destination_, folder_ / "replaced");
    fs::rename(path_, destination_);
  } catch (const fs::filesystem_error& error) {
    throw Error(destination_.string(), "a path that can be written", error.code().message());
  }
}

void expect_no_folder(const fs::path& destination) {
  if (!fs::is_directory(destination)) return;
  throw Error(destination.string(), "the name of a file", "a folder");
}

void expect_writable(const std::string& file) {
  if (file.empty()) return;
  expect_no_folder(file);
  const Staging trial(file);
}

void write_file(const fs::path& destination, std::string_view content) {
  Staging staging(destination);
  std::ofstream file(staging.path(), std::ios::binary);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  if (!file) throw Error(destination.string(), "room to write the file", std::strerror(errno));
  staging.commit();
}

}  // namespace locus::cli
