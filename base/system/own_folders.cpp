#include "base/own_folders.hpp"

#include <dlfcn.h>

namespace locus {
namespace fs = std::filesystem;

std::vector<fs::path> own_folders() {
  std::vector<fs::path> folders;
  std::error_code failure;
  const fs::path program = fs::read_symlink("/proc/self/exe", failure);
  if (!failure) folders.push_back(program.parent_path());
  Dl_info found{};
  if (dladdr(reinterpret_cast<const void*>(&own_folders), &found) == 0 || !found.dli_fname) {
    return folders;
  }
  // Of a program, dladdr gives the words by which it was called, which may name another file.
  if (!fs::path(found.dli_fname).is_absolute()) return folders;
  const fs::path library = fs::canonical(found.dli_fname, failure);
  if (!failure && library != program) folders.push_back(library.parent_path());
  return folders;
}

}  // namespace locus
