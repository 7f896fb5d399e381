// Tiny models of the goldens, with a tokenizer where a test needs one.
#pragma once

#include <string>

#include "tests/support/temporary_folder.hpp"

namespace locus::tests {

/// A tiny model of tests/goldens.
std::string golden_model(const std::string& name);
/// A copy of it in `folder`, with a WordPiece tokenizer of letters whose [PAD], [UNK], [CLS], [SEP]
/// and [MASK] are the ids 0 to 4; `a` is 5.
std::string model_with_tokenizer(const TemporaryFolder& folder, const std::string& name);

}  // namespace locus::tests
