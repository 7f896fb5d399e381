// Which files of a folder make its tokenizer.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

#include "tokenizer/pipeline/pipeline.hpp"

namespace locus::tokenization {

/// Which of a translator's two sides texts are of.
struct TranslationSide {
  const char* language;    ///< the key of tokenizer_config.json
  const char* model;       ///< Marian's file
  const char* vocabulary;  ///< the same, where `separate_vocabs` says that there are two
};
extern const TranslationSide source_side, target_side;

/// `Tokenizer::open` and `open_target`. `language`: in the place of the configured one; may be
/// empty. What `check` throws ends the work as it is.
std::unique_ptr<const Pipeline> open_pipeline(const std::filesystem::path& path,
                                              const TranslationSide& side,
                                              std::string_view language,
                                              const std::function<void()>& check);

/// `Tokenizer::convert`.
void convert_tokenizer(const std::filesystem::path& source, const std::filesystem::path& target);

}  // namespace locus::tokenization
