// The two languages of a translator.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/cli/arguments/common_options.hpp"

namespace locus::cli {

/// Codes as the model's tokenizer knows them; empty: those of its config.
struct LanguageOptions {
  std::string source;
  std::string target;
};

void add_languages(Arguments& arguments, LanguageOptions& options);

/// What a decoder reads before a target text.
struct TargetBeginning {
  std::optional<int32_t> start;  ///< in the place of the config's start token
  std::vector<int32_t> behind;   ///< special tokens behind the start
};

/// By the special tokens that the target's tokenizer puts around a text: mBART's decoder starts
/// with the last of them, a language; others read those before the text behind their start token.
TargetBeginning target_beginning(const Model& model, const Tokenizer& target);

/// The code by which a Marian model of several target languages is told the one it is to write;
/// nothing where `language` is empty. Throws Error for a language that the tokenizer does not know.
std::string marian_code(const Tokenizer& source, const std::string& language);

}  // namespace locus::cli
