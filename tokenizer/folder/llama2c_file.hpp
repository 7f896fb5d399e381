#pragma once

#include "tokenizer/json/json.hpp"

namespace locus::tokenization {

/// The document of a tokenizer in llama2.c's format (karpathy/llama2.c, `tokenizer.py`, `export`).
/// Throws `Error` when the file is missing or is not in this format.
Json read_llama2c_file(const std::filesystem::path& path, Watch& watch);

/// `tokenizer.bin`, or the only `tok*.bin` of a folder; empty if there is none.
std::filesystem::path llama2c_path(const std::filesystem::path& folder);

}  // namespace locus::tokenization
