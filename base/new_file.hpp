// A file that appears when it is complete.
#pragma once

#include <filesystem>
#include <fstream>
#include <span>
#include <string_view>

namespace locus {

/// Written beside its place under another name, and moved there by `commit`; gone without. So no
/// reader meets half a file, and a failure leaves what was there before.
class NewFile {
 public:
  /// Throws Error that names the file, here and below.
  explicit NewFile(std::filesystem::path file);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
  void commit();

 private:
  [[noreturn]] void fail() const;
  std::filesystem::path file_;
  std::filesystem::path partial_;
  std::ofstream stream_;
};

}  // namespace locus
