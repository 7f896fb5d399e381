// SHA-256 of files and texts.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace locus {

/// The hash of all bytes that were added, in parts of any size.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void add(std::string_view content);
  /// 64 hexadecimal digits. The next `add` begins another hash.
  std::string digits();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// 64 hexadecimal digits. `check` is called every few milliseconds; it throws to give up.
std::string sha256(std::string_view content, const std::function<void()>& check = {});
/// Throws Error where the file cannot be read.
std::string sha256_of_file(const std::filesystem::path& file,
                           const std::function<void()>& check = {});

}  // namespace locus
