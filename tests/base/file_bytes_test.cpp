// Files that other programs change while they are open.
#include "base/file_bytes.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {
namespace {

constexpr size_t chunk = size_t{16} << 10;

/// Different letters in every chunk.
std::string letters(char first) {
  std::string text;
  for (size_t i = 0; i < 4 * chunk; ++i) text += static_cast<char>(first + i / chunk);
  return text;
}

std::string loaded(const FileBytes& file, size_t begin, size_t count) {
  const auto part = file.bytes().subspan(begin, count);
  file.load(part);
  return {reinterpret_cast<const char*>(part.data()), part.size()};
}

/// As a program does that does not care who reads.
void overwrite(const std::filesystem::path& file, const std::string& bytes) {
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary) << bytes;
}

constexpr const char* changed =
    "file: expected the file as it was when it was opened, found one that was changed since";

TEST_CASE("a file's parts are what it holds, in any order, across chunks and after a release") {
  const TemporaryFolder folder;
  const std::string text = letters('a') + "end";
  const FileBytes file(folder.write("file", text));
  REQUIRE(file.bytes().size() == text.size());
  CHECK(loaded(file, 2 * chunk - 5, 10) == text.substr(2 * chunk - 5, 10));
  CHECK(loaded(file, 0, text.size()) == text);
  file.release(file.bytes());
  CHECK(loaded(file, text.size() - 3, 3) == "end");
  std::string copy(7, ' ');
  file.copy(file.bytes().subspan(chunk - 3, 7), std::as_writable_bytes(std::span(copy)));
  CHECK(copy == text.substr(chunk - 3, 7));
}

TEST_CASE("of an overwritten file, what was read stays and the rest is refused") {
  const TemporaryFolder folder;
  const auto path = folder.write("file", letters('a'));
  const FileBytes file(path);
  CHECK(loaded(file, 0, 4) == "aaaa");
  overwrite(path, letters('p'));
  CHECK(loaded(file, 0, 4) == "aaaa");
  CHECK(folder.message([&] { loaded(file, 2 * chunk, 4); }) == changed);
  CHECK(folder.message([&] { loaded(file, 2 * chunk, 4); }) == changed);
  std::string copy(4, ' ');
  CHECK(folder.message([&] {
    file.copy(file.bytes().first(4), std::as_writable_bytes(std::span(copy)));
  }) == changed);
}

TEST_CASE("a file that becomes shorter is refused, and ends nothing") {
  const TemporaryFolder folder;
  const auto path = folder.write("file", letters('a'));
  const FileBytes file(path);
  CHECK(loaded(file, 0, 4) == "aaaa");
  std::filesystem::resize_file(path, 10);
  CHECK(loaded(file, 0, 20) == std::string(20, 'a'));
  CHECK(folder.message([&] { loaded(file, 3 * chunk, 4); }) == changed);
}

TEST_CASE("a file that is replaced or removed is read to its end") {
  const TemporaryFolder folder;
  const auto path = folder.write("file", letters('a'));
  const FileBytes file(path);
  std::filesystem::rename(folder.write("other", letters('p')), path);
  CHECK(loaded(file, 0, 2) == "aa");
  std::filesystem::remove(path);
  CHECK(loaded(file, 3 * chunk, 2) == "dd");
}

TEST_CASE("whole files: their bytes, and a folder or a longer one by name") {
  const TemporaryFolder folder;
  const auto path = folder.write("file", "four");
  CHECK(read_file(path, 4) == "four");
  CHECK(folder.message([&] { read_file(path, 3); }) == "file: expected at most 3 bytes, found 4");
  CHECK(folder.message([&] { read_file(folder.path()); })
            .ends_with("expected a file, found a folder"));
  CHECK(read_file(folder.write("empty", "")).empty());
}

}  // namespace
}  // namespace locus::tests
