// The tokens of a document as the scorers see them, a part at a time.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "evaluation/score_text.hpp"
#include "tokenizer/part_encoder.hpp"

namespace locus::pipelines {

/// Memory is that of a part. What a part holds for each token is a part of what `make_text` makes
/// of the whole document; words begin where the tokenizer says so too.
class TextParts {
 public:
  TextParts(std::shared_ptr<const Tokenizer> tokenizer, ReadOn read, PartSettings settings);

  /// Without ids at the end.
  Text next();

 private:
  Text text_of(const EncodedPart& part);

  std::shared_ptr<const Tokenizer> tokenizer_;
  std::function<void()> check_;
  PartEncoder encoder_;
  bool within_word_ = false;
  std::optional<int32_t> last_;  // id
};

}  // namespace locus::pipelines
