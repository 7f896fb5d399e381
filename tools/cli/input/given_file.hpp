// Files that the user names: also pipes, and `-` for stdin.
#pragma once

#include <filesystem>
#include <string>

#include "pipelines/document_stream.hpp"

namespace locus::cli {

/// All of a file. Throws Error where it cannot be read, for devices that are no terminal
/// (`/dev/zero` has no end), and beyond 1 GiB of a pipe.
std::string read_given(const std::filesystem::path& file);

/// Opens files as `read_given` does, each once; they may have any length.
OpenBytes open_once();
/// Opens files as `read_given` does, as often as it is asked to: what can be read only once is
/// kept, in a temporary file if it is long (see `NamelessFile`).
OpenBytes open_again();

}  // namespace locus::cli
