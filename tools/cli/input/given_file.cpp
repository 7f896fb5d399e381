#include "tools/cli/input/given_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <map>
#include <memory>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "tools/cli/input/spool.hpp"
#include "tools/cli/terminal/interruption.hpp"

namespace locus::cli {
namespace {

/// What a pipe holds, which nobody knows before its end; a device may have none.
std::string all_of(const std::string& who, std::istream& stream) {
  constexpr size_t max_bytes = size_t{1} << 30, step = size_t{1} << 20;
  std::string all;
  while (stream && all.size() <= max_bytes) {
    check_interruption();
    const size_t begin = all.size();
    all.resize(begin + step);
    stream.read(all.data() + begin, static_cast<std::streamsize>(step));
    all.resize(begin + static_cast<size_t>(stream.gcount()));
  }
  if (all.size() <= max_bytes) return all;
  throw Error(who, "at most " + std::to_string(max_bytes) + " bytes", "more");
}

/// A device such as /dev/zero has no end; a terminal has one.
bool is_endless(const struct stat& status, int descriptor) {
  const bool device = S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode);
  return device && isatty(descriptor) == 0;
}

bool is_endless_device(const std::filesystem::path& file) {
  struct stat status {};
  if (file == "-") return fstat(STDIN_FILENO, &status) == 0 && is_endless(status, STDIN_FILENO);
  if (stat(file.c_str(), &status) != 0 || !S_ISCHR(status.st_mode)) {
    return S_ISBLK(status.st_mode);
  }
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_NOCTTY | O_CLOEXEC);
  const bool endless = is_endless(status, descriptor);
  if (descriptor >= 0) ::close(descriptor);
  return endless;
}

bool is_stored(const std::filesystem::path& file) {
  std::error_code ignored;
  const bool folder = std::filesystem::is_directory(file, ignored);  // which a reader refuses
  return file != "-" && (folder || std::filesystem::is_regular_file(file, ignored));
}

std::string name_of(const std::filesystem::path& file) {
  return file == "-" ? "standard input" : file.string();
}

/// What is not stored.
std::shared_ptr<std::istream> open_stream(const std::filesystem::path& file) {
  if (is_endless_device(file)) {
    throw Error(name_of(file), "a file, a pipe or a terminal", "a device");
  }
  if (file == "-") return {std::shared_ptr<void>(), &std::cin};
  auto pipe = std::make_shared<std::ifstream>(file, std::ios::binary);
  if (!*pipe) throw Error(file.string(), "a file that can be read", "none");
  return pipe;
}

}  // namespace

std::string read_given(const std::filesystem::path& file) {
  check_interruption();
  if (is_stored(file)) return read_file(file);
  return all_of(name_of(file), *open_stream(file));
}

OpenBytes open_once() {
  return [](const std::filesystem::path& file) -> ReadBytes {
    check_interruption();
    if (is_stored(file)) return open_bytes(file);
    return [stream = open_stream(file)](size_t bytes) {
      check_interruption();
      std::string part(bytes, '\0');
      stream->read(part.data(), static_cast<std::streamsize>(bytes));
      part.resize(static_cast<size_t>(stream->gcount()));
      return part;
    };
  };
}

OpenBytes open_again() {
  const auto spools = std::make_shared<std::map<std::filesystem::path, Spool>>();
  return [spools](const std::filesystem::path& file) {
    check_interruption();
    if (is_stored(file)) return open_bytes(file);
    if (const auto found = spools->find(file); found != spools->end()) return found->second.open();
    return spools->emplace(file, Spool(*open_stream(file))).first->second.open();
  };
}

}  // namespace locus::cli
