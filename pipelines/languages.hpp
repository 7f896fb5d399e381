// The two languages of a translator.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../models/model.hpp"
#include "../tokenizer/tokenizer.hpp"

namespace locus {

/// Codes as the model's tokenizer knows them; empty: those of its config.
struct Languages {
  std::string source;
  std::string target;

  bool given() const { return !source.empty() || !target.empty(); }
};

/// What a decoder reads before a target text.
struct TargetBeginning {
  std::optional<int32_t> start;      ///< in the place of the config's start token
  std::vector<int32_t> after_start;  ///< special tokens after it
};

/// By the special tokens that the target's tokenizer puts around a text: mBART's decoder starts
/// with the last of them, a language; others read those before the text after their start token.
TargetBeginning target_beginning(const Model& model, const Tokenizer& target);

/// The code by which a Marian model of several target languages is told the one it is to write;
/// nothing where `language` is empty. Throws Error for a language that the tokenizer does not know.
std::string marian_code(const Tokenizer& source, const std::string& language);

}  // namespace locus
