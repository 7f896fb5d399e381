#include "tokenizer/guest/guest.hpp"

#include <dlfcn.h>

#include "base/error.hpp"

namespace locus::tokenization {
namespace {

constexpr auto module_name = "liblocus_sentencepiece.so";

// With RTLD_DEEPBIND the library finds its own symbols before those of a Protocol Buffers library
// that the program has. Sanitizers' own dlopen refuses that flag.
int loading_flags() {
  const bool sanitized = dlsym(RTLD_DEFAULT, "__sanitizer_print_stack_trace") != nullptr;
  return RTLD_NOW | RTLD_LOCAL | (sanitized ? 0 : RTLD_DEEPBIND);
}

// By name: the place is in the run path of whatever Locus was linked into.
OpenGuest& load_module() {
  void* module = dlopen(module_name, loading_flags());
  void* entry = module ? dlsym(module, open_guest_name) : nullptr;
  if (!entry) {
    const char* reason = dlerror();
    throw Error("SentencePiece", std::string(module_name) + " where Locus's libraries lie",
                reason ? reason : "none");
  }
  return *reinterpret_cast<OpenGuest*>(entry);
}

}  // namespace

std::unique_ptr<const Guest> open_guest(const std::filesystem::path& path) {
  static OpenGuest& open = load_module();
  std::string reason;
  std::unique_ptr<const Guest> guest(
      open(path.native(), [&](std::string_view text) { reason = text; }));
  if (!guest) throw Error(path.string(), "a SentencePiece model", reason);
  return guest;
}

std::string join(const Guest& guest, std::span<const std::string> pieces) {
  std::string text;
  guest.join(pieces, [&](std::string_view joined) { text = joined; });
  return text;
}

}  // namespace locus::tokenization
