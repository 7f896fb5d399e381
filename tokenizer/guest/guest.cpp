#include "tokenizer/guest/guest.hpp"

#include <dlfcn.h>

#include <cstddef>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "tokenizer/guest/soundness.hpp"

namespace locus::tokenization {
namespace {

constexpr auto module_name = "liblocus_sentencepiece.so";

// With RTLD_DEEPBIND the library finds its own symbols before those of a Protocol Buffers library
// that the program has. Sanitizers' own dlopen refuses that flag.
int loading_flags() {
  const bool sanitized = dlsym(RTLD_DEFAULT, "__sanitizer_print_stack_trace") != nullptr;
  return RTLD_NOW | RTLD_LOCAL | (sanitized ? 0 : RTLD_DEEPBIND);
}

/// Where the linker looks for the libraries of whatever this code was linked into.
std::vector<std::string> run_path() {
  Dl_info own{};
  dladdr(reinterpret_cast<const void*>(&loading_flags), &own);
  void* object = own.dli_fname ? dlopen(own.dli_fname, RTLD_NOW | RTLD_NOLOAD) : nullptr;
  if (!object) object = dlopen(nullptr, RTLD_NOW);  // the program itself
  Dl_serinfo size{};
  if (!object || dlinfo(object, RTLD_DI_SERINFOSIZE, &size) != 0) return {};
  std::vector<std::max_align_t> bytes(size.dls_size / sizeof(std::max_align_t) + 1);
  auto* found = reinterpret_cast<Dl_serinfo*>(bytes.data());
  *found = size;
  if (dlinfo(object, RTLD_DI_SERINFO, found) != 0) return {};
  const std::span paths(found->dls_serpath, found->dls_cnt);
  std::vector<std::string> folders;
  for (const Dl_serpath& path : paths) folders.emplace_back(path.dls_name);
  return folders;
}

/// By name, which the linker looks for in the run path; a sanitizer's dlopen looks in its own.
void* open_module() {
  if (void* module = dlopen(module_name, loading_flags())) return module;
  for (const std::string& folder : run_path()) {
    if (void* module = dlopen((folder + "/" + module_name).c_str(), loading_flags())) return module;
  }
  return nullptr;
}

OpenGuest& load_module() {
  void* module = open_module();
  void* entry = module ? dlsym(module, open_guest_name) : nullptr;
  if (!entry) {
    const char* reason = dlerror();
    throw Error("SentencePiece", std::string(module_name) + " where Locus's libraries lie",
                reason ? reason : "none");
  }
  return *reinterpret_cast<OpenGuest*>(entry);
}

}  // namespace

std::unique_ptr<const Guest> open_guest(const std::filesystem::path& path, Watch& watch) {
  static OpenGuest& open = load_module();
  const std::string bytes = read_file(path, watch);
  try {
    expect_sound_model(bytes, watch);
  } catch (const Error& error) {
    throw Error(path.string() + ": " + error.what());
  }
  std::string reason;
  std::unique_ptr<const Guest> guest(open(bytes, [&](std::string_view text) { reason = text; }));
  if (!guest) throw Error(path.string(), "a SentencePiece model", reason);
  return guest;
}

std::string join(const Guest& guest, std::span<const std::string> pieces) {
  std::string text;
  guest.join(pieces, [&](std::string_view joined) { text = joined; });
  return text;
}

}  // namespace locus::tokenization
