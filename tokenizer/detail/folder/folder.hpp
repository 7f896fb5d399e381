// Which files of a folder make its tokenizer.
#pragma once

#include <filesystem>
#include <memory>

#include "tokenizer/detail/pipeline.hpp"

namespace locus::tokenization {

/// `Tokenizer::open`.
std::unique_ptr<const Pipeline> open_pipeline(const std::filesystem::path& path);

/// `Tokenizer::convert`.
void convert_tokenizer(const std::filesystem::path& source, const std::filesystem::path& target);

}  // namespace locus::tokenization
