// Changes of a trained model's encoding, to see what the model relies on.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "position.hpp"

namespace locus {

/// A change of encodings that leaves their weights as they are. Nothing is trained anew: it shows
/// what a model relies on.
struct EncodingChange {
  enum class Kind {
    none,
    remove,   ///< no encoding at all
    shift,    ///< positions + amount
    scale,    ///< amount times what is added to vectors, scores and outputs; angles likewise
    shuffle,  ///< positions below `span` change places, in an order drawn from `seed`
  };
  Kind kind = Kind::none;
  double amount = 0;  ///< of `shift`, in positions; of `scale`, a factor
  uint64_t seed = 0;
  int64_t span = 0;
  std::optional<int64_t> layer;  ///< the attention node of that number alone, in order; none: all
};

/// The encoding as changed. Positions that it cannot represent are refused when they are asked for.
std::shared_ptr<const PositionalEncoding> changed(
    std::shared_ptr<const PositionalEncoding> encoding, const EncodingChange& change);

}  // namespace locus
