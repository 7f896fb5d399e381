// What the command writes: whole or not at all, Ctrl-C included.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/staging.hpp"
#include "tools/cli/terminal/interruption.hpp"

namespace locus::cli {

/// A `locus::Staging` that a signal removes too.
class InterruptibleStaging {
 public:
  explicit InterruptibleStaging(std::filesystem::path destination);

  const std::filesystem::path& path() const { return staging_.path(); }
  /// Calls `write(path())`. What it throws names the destination, and not where it is written.
  template <typename Write>
  auto fill(const Write& write) const {
    try {
      return write(path());
    } catch (...) {
      throw_naming_destination();
    }
  }
  /// Throws Error::cancellation() once a signal has come.
  void commit();

 private:
  [[noreturn]] void throw_naming_destination() const;

  std::filesystem::path destination_;
  std::optional<Unfinished> unfinished_;  // goes after what it names
  Staging staging_;
};

/// Throws Error where no file of that name can be written; an empty name is none.
void expect_writable(const std::string& file);

/// Writes a text file by way of a staging.
void write_file(const std::filesystem::path& destination, std::string_view content);

}  // namespace locus::cli
