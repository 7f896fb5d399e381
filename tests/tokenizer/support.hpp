// Folders of tokenizer files, made for a test and gone after it.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/paths.hpp"
#include "tokenizer/error.hpp"
#include "tokenizer/tokenizer.hpp"

namespace locus::tests {

using Json = nlohmann::json;

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream content;
  content << stream.rdbuf();
  return std::move(content).str();
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "locus-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
  }
  void write(const std::string& name, const Json& json) const { write(name, json.dump()); }
  std::shared_ptr<const Tokenizer> open() const { return Tokenizer::open(path_); }

 private:
  std::filesystem::path path_;
};

/// The message of the error that opening a folder ends with; empty if it opens.
inline std::string error_of(const TemporaryFolder& folder) {
  try {
    folder.open();
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

inline Json golden_cases() {
  return Json::parse(content_of(source_path("tests/goldens/tokenizers/cases.json")));
}

/// The folder of a case of cases.json; nothing where the shared data is absent.
inline std::unique_ptr<TemporaryFolder> case_folder(const std::string& name) {
  const Json description = golden_cases().at(name);
  auto folder = std::make_unique<TemporaryFolder>();
  for (const auto& [file, source] : description.at("files").items()) {
    const auto path = shared_path("data/" + source.get<std::string>());
    if (!path) return nullptr;
    folder->write(file, content_of(*path));
  }
  for (const char* file : {"config.json", "tokenizer_config.json"}) {
    if (description.contains(file)) folder->write(file, description[file]);
  }
  if (description.contains("changes")) {
    Json document = Json::parse(content_of(folder->path() / "tokenizer.json"));
    for (const auto& [pointer, value] : description["changes"].items()) {
      document[Json::json_pointer(pointer)] = value;
    }
    folder->write("tokenizer.json", document);
  }
  return folder;
}

inline std::shared_ptr<const Tokenizer> open_case(const std::string& name) {
  const auto folder = case_folder(name);
  return folder ? folder->open() : nullptr;
}

}  // namespace locus::tests
