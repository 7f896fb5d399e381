// Files made by hand for the tests of formats.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>

#include "engine/error.hpp"

namespace locus::tests {

/// A folder that goes with its test.
class TemporaryFolder {
 public:
  TemporaryFolder()
      : path_(std::filesystem::temp_directory_path() /
              ("locus-test-" + std::to_string(std::random_device{}()))) {
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  std::filesystem::path write(std::string_view name, std::string_view bytes) const {
    std::ofstream stream(path_ / name, std::ios::binary);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path_ / name;
  }
  /// The message of the Error that `action` throws, without this folder's path; "no error" if none.
  template <typename Action>
  std::string message(Action action) const {
    try {
      action();
      return "no error";
    } catch (const Error& error) {
      std::string text = error.what();
      const std::string folder = path_.string() + "/";
      for (size_t at; (at = text.find(folder)) != std::string::npos;) text.erase(at, folder.size());
      return text;
    }
  }

 private:
  std::filesystem::path path_;
};

/// The bytes of a safetensors file whose header claims to be `length` bytes long.
inline std::string raw_safetensors(uint64_t length, std::string_view header,
                                   std::string_view data) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(length >> 8 * i);
  return bytes.append(header).append(data);
}

inline std::string raw_safetensors(std::string_view header, std::string_view data) {
  return raw_safetensors(header.size(), header, data);
}

}  // namespace locus::tests
