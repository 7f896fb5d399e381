// How words become tokens of a vocabulary.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/text/aligned_text.hpp"
#include "tokenizer/text/range.hpp"

namespace locus::tokenization {

/// A token and the bytes of the normalized text that it stands for.
struct Piece {
  Piece(int32_t token, std::size_t first, std::size_t last) : id(token), range(first, last) {}
  int32_t id;
  Range range;
};

class Model {
 public:
  virtual ~Model() = default;
  /// Appends the pieces of each word of `text`, in order.
  virtual void tokenize(const AlignedText& text, std::span<const Range> words,
                        std::vector<Piece>& pieces) const = 0;
  virtual std::string kind() const = 0;
};

using ModelPointer = std::unique_ptr<const Model>;

}  // namespace locus::tokenization
