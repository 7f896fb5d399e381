#include "tools/cli/output/staging.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/error.hpp"

namespace locus::cli {

InterruptibleStaging::InterruptibleStaging(std::filesystem::path destination)
    : destination_(std::move(destination)), staging_(destination_) {
  unfinished_.emplace(staging_.folder());
}

// Called while an exception is handled.
void InterruptibleStaging::throw_naming_destination() const {
  try {
    throw_as_error(destination_.string());
  } catch (const Error& error) {
    std::string message = error.what();
    const std::string inner = path().string();
    const auto place = message.find(inner);
    if (error.cancelled() || place == std::string::npos) throw;
    throw Error(message.replace(place, inner.size(), destination_.string()));
  }
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
