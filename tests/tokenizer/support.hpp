// Folders of tokenizer files, made for a test and gone after it.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/json/values.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tokenizer/tokenizer.hpp"

namespace locus::tests {

using Json = nlohmann::json;

/// The message of the error that opening a folder ends with; empty if it opens.
inline std::string error_of(const TemporaryFolder& folder) {
  try {
    Tokenizer::open(folder.path());
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

inline void check_contains(const std::string& message, const std::string& part) {
  INFO(message);
  CHECK(message.find(part) != std::string::npos);
  CHECK(message.find(": expected ") != std::string::npos);
  CHECK(message.find('\n') == std::string::npos);
}

/// A folder as transformers 5 wrote it.
inline std::filesystem::path folder5(const std::string& name) {
  return source_path("tests/goldens/tokenizers5/" + name);
}

inline Json golden_cases() {
  return Json::parse(read_text(source_path("tests/goldens/tokenizers/cases.json")));
}

/// The folder that a description makes; nothing where the shared data is absent.
inline std::unique_ptr<TemporaryFolder> described_folder(const Json& description) {
  auto folder = std::make_unique<TemporaryFolder>();
  for (const auto& [file, source] : description.at("files").items()) {
    const auto relative = source.get<std::string>();
    const auto path = relative.starts_with("files/")
                          ? std::optional(source_path("tests/goldens/tokenizers/" + relative))
                          : shared_path("data/" + relative);
    if (!path) return nullptr;
    std::filesystem::copy_file(*path, folder->path() / file);
  }
  if (description.contains("jieba")) {
    std::filesystem::copy_file(source_path("tests/goldens/tokenizers/files/jieba_dict.txt"),
                               folder->path() / "jieba_dict.txt");
  }
  for (const char* file : {"config.json", "tokenizer_config.json"}) {
    if (description.contains(file)) folder->write(file, description[file].dump());
  }
  if (description.contains("changes")) {
    Json document = Json::parse(read_text(folder->path() / "tokenizer.json"));
    for (const auto& [pointer, value] : description["changes"].items()) {
      document[Json::json_pointer(pointer)] = value;
    }
    folder->write("tokenizer.json", document.dump());
  }
  return folder;
}

/// The folder of a case of cases.json.
inline std::unique_ptr<TemporaryFolder> case_folder(const std::string& name) {
  return described_folder(golden_cases().at(name));
}

/// A case's tokenizer, opened once for all tests.
inline std::shared_ptr<const Tokenizer> open_case(const std::string& name) {
  static std::map<std::string, std::shared_ptr<const Tokenizer>> opened;
  if (const auto found = opened.find(name); found != opened.end()) return found->second;
  const auto folder = case_folder(name);
  return opened[name] = folder ? Tokenizer::open(folder->path()) : nullptr;
}

/// Checks every tokenizer of the goldens whose files are there.
template <class Check>
void for_each_case(const Check& check) {
  const Json cases = golden_cases();
  for (const auto& [name, description] : cases.items()) {
    const std::string shown = name;
    INFO(shown);
    if (const auto tokenizer = open_case(shown)) check(tokenizer);
  }
}

}  // namespace locus::tests
