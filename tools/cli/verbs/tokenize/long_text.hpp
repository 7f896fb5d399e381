// The tokens of a text that is too long to be held.
#pragma once

#include <memory>

#include "tools/cli/verbs/tokenize/token_converter.hpp"

namespace locus::cli {

/// Prints ids as they are known.
void print_long_line(const std::shared_ptr<const Tokenizer>& tokenizer,
                     const EncodeOptions& options, const LongInput& input);

/// Keeps each list of the JSON document in a temporary file until all tokens are known.
Printer make_long_json(const std::shared_ptr<const Tokenizer>& tokenizer,
                       const EncodeOptions& options, const LongInput& input);

}  // namespace locus::cli
