#include "base/file_stamps.hpp"

#include <sys/stat.h>

#include <chrono>

#include "base/error.hpp"

namespace locus {
namespace fs = std::filesystem;
namespace {

void for_each_in(const fs::path& folder, const auto& visit) {
  std::error_code unlisted;
  fs::directory_iterator entry(folder.empty() ? "." : folder, unlisted);
  for (; !unlisted && entry != fs::directory_iterator(); entry.increment(unlisted)) visit(*entry);
}

}  // namespace

// One question to the system: a folder may have thousands of files.
FileStamps::Stamp FileStamps::stamp_of(const fs::path& file) {
  struct stat found;
  if (stat(file.c_str(), &found) != 0) return {};
  const auto since_epoch =
      std::chrono::seconds(found.st_mtim.tv_sec) + std::chrono::nanoseconds(found.st_mtim.tv_nsec);
  return {static_cast<uintmax_t>(found.st_size), fs::file_time_type(since_epoch)};
}

void FileStamps::take(const fs::path& folder) {
  const fs::path shortest = (folder / "any").lexically_normal().parent_path();
  for_each_in(folder, [&](const fs::directory_entry& entry) {
    std::error_code gone;
    if (!entry.is_regular_file(gone)) return;
    const fs::path file = shortest / entry.path().filename();
    if (!files_.contains(file)) files_.emplace(file, stamp_of(file));
  });
}

void FileStamps::take_below(const fs::path& folder) {
  for_each_in(folder, [&](const fs::directory_entry& entry) {
    std::error_code gone;
    if (entry.is_directory(gone)) take(entry.path());
  });
}

void FileStamps::expect_unchanged(const fs::path& file) const {
  const auto noted = files_.find(file.lexically_normal());
  if (noted == files_.end() || stamp_of(file) == noted->second) return;
  std::error_code gone;
  throw Error(file.string(), "the file as it was when the model was opened",
              fs::exists(file, gone) ? "one that was changed since" : "none");
}

void FileStamps::expect_unchanged(const std::function<bool(const fs::path& file)>& which) const {
  for (const auto& [file, stamp] : files_) {
    if (which(file)) expect_unchanged(file);
  }
}

}  // namespace locus
