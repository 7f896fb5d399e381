// The refusal of a folder that holds no tokenizer.
#pragma once

#include <filesystem>

#include "tokenizer/folder/tokenizer_class.hpp"

namespace locus::tokenization {

/// Throws Error that says what was looked for: any tokenizer's files, or, where there are some that
/// the folder's class does not read, those of another class. `type` is null where none is named.
[[noreturn]] void refuse_without_files(const std::filesystem::path& folder,
                                       const TokenizerClass* type);

}  // namespace locus::tokenization
