#pragma once

#include <filesystem>
#include <string>

namespace locus::tokenization {

/// jieba's dictionary: where the environment variable LOCUS_JIEBA says (the file, or the Python
/// package's folder), else `jieba_dict.txt` in the tokenizer's folder, else the package `jieba` of
/// an installed Python. Empty where there is none. Throws `Error` when LOCUS_JIEBA names nothing.
std::filesystem::path jieba_dictionary(const std::filesystem::path& folder);

}  // namespace locus::tokenization
