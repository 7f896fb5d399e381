#include "tools/cli/output/staging.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/error.hpp"

namespace locus::cli {

InterruptibleStaging::InterruptibleStaging(std::filesystem::path destination)
    : staging_(std::move(destination)) {
  unfinished_.emplace(staging_.folder());
}

void InterruptibleStaging::commit() {
  check_interruption();
  staging_.commit();
}

void expect_writable(const std::string& file) {
  if (file.empty()) return;
  expect_no_folder(file);
  const Staging trial(file);
}

void write_file(const std::filesystem::path& destination, std::string_view content) {
  InterruptibleStaging staging(destination);
  std::ofstream file(staging.path(), std::ios::binary);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  if (!file) throw Error(destination.string(), "room to write the file", std::strerror(errno));
  staging.commit();
}

}  // namespace locus::cli
