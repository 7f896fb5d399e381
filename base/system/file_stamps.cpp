#include "base/file_stamps.hpp"

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

FileStamps::Stamp FileStamps::stamp_of(const fs::path& file) {
  std::error_code gone;
  Stamp stamp;
  stamp.size = fs::file_size(file, gone);
  stamp.time = fs::last_write_time(file, gone);
  return stamp;
}

void FileStamps::take(const fs::path& folder) {
  for_each_in(folder, [&](const fs::directory_entry& entry) {
    std::error_code gone;
    if (!entry.is_regular_file(gone)) return;
    files_.emplace(entry.path().lexically_normal(), stamp_of(entry.path()));
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
