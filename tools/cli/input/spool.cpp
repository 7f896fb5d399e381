#include "tools/cli/input/spool.hpp"

#include <algorithm>
#include <string>

#include "tools/cli/input/nameless_file.hpp"
#include "tools/cli/terminal/interruption.hpp"

namespace locus::cli {
namespace {

constexpr size_t step = size_t{1} << 18;
constexpr size_t in_memory = size_t{8} << 20;

std::string read_some(std::istream& stream) {
  check_interruption();
  std::string part(step, '\0');
  stream.read(part.data(), static_cast<std::streamsize>(step));
  part.resize(static_cast<size_t>(stream.gcount()));
  return part;
}

}  // namespace

struct Spool::Kept {
  std::string text;
  std::unique_ptr<NamelessFile> file;  // where it is long

  std::string read(size_t at, size_t bytes) const {
    return file ? file->read(at, bytes) : text.substr(std::min(at, text.size()), bytes);
  }
};

Spool::Spool(std::istream& stream) {
  Kept kept;
  for (std::string part = read_some(stream); !part.empty(); part = read_some(stream)) {
    kept.text += part;
    if (kept.text.size() < in_memory && !kept.file) continue;
    if (!kept.file) kept.file = std::make_unique<NamelessFile>();
    kept.file->add(kept.text);
    kept.text.clear();
  }
  kept_ = std::make_shared<const Kept>(std::move(kept));
}

ReadBytes Spool::open() const {
  return [kept = kept_, at = size_t{0}](size_t bytes) mutable {
    std::string part = kept->read(at, bytes);
    at += part.size();
    return part;
  };
}

}  // namespace locus::cli
