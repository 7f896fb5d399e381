// The SentencePiece library, kept to itself.
#pragma once

#include <filesystem>
#include <memory>

#include "base/watch.hpp"
#include "tokenizer/guest/interface.hpp"

namespace locus::tokenization {

/// A SentencePiece model run by the library, which is loaded when it is first needed, and so that
/// none of its symbols, among them those of the Protocol Buffers it carries, meets one of the
/// program's. Throws `Error` where the module is not found, the library refuses the file, or would
/// read past its end. `watch` may end the reading, not the library's work on what was read.
std::unique_ptr<const Guest> open_guest(const std::filesystem::path& path, Watch& watch);

/// The text that the pieces stand for.
std::string join(const Guest& guest, std::span<const std::string> pieces);

}  // namespace locus::tokenization
