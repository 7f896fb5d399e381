// The one interface of every positional encoding: four hooks, each an identity by default.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>

#include "scratch.hpp"
#include "tensor.hpp"

namespace locus::ops {
struct Operand;
}

namespace locus {

/// What a row of heads is used for when it is rotated.
enum class Role { query, key, value };

/// Positions of consecutive rows: first, first + 1, ... unless `values` are given.
struct Positions {
  int64_t first = 0;
  int64_t count = 0;
  std::span<const float> values;  ///< [count, axes]: padding-aware ids, shifted or 2-D positions
  int axes = 1;

  /// The position of a row along an axis.
  double at(int64_t row, int axis = 0) const {
    return values.empty() ? static_cast<double>(first + row)
                          : static_cast<double>(values[row * axes + axis]);
  }
  /// Rows [begin, end).
  Positions slice(int64_t begin, int64_t end) const {
    Positions part{first + begin, end - begin, {}, axes};
    if (!values.empty()) part.values = values.subspan(begin * axes, (end - begin) * axes);
    return part;
  }
};

/// One tile of one sequence, as a hook sees it.
struct Block {
  Positions queries;       ///< of the rows that `embed`, `rotate` and `mix` change
  Positions keys;          ///< need not start at 0 (sliding windows, key tiles)
  int64_t first_head = 0;  ///< of the heads in this tile
  int64_t length = 0;      ///< of the sequence so far, in rows
  float scale = 1;         ///< already in q; a term without q multiplies by it
  Scratch& scratch;        ///< the worker's
  /// The first head's keys as the engine's own products read them, or null.
  const ops::Operand* packed_keys = nullptr;
};

/// A positional encoding. Immutable after construction, and so shared between layers and threads.
/// Attention computes, for every query i and visible key j,
///
///     y = softmax(R(q) R(k)^T + score(q, k)) v + mix(p)
///
/// after the position node has computed x <- x + E. Invariants:
///  1. The scale of attention is in q before any hook sees it, so that each term of `score` is a
///     plain +=; a term without q (k times a vector, say) multiplies by `Block::scale`.
///  2. A relative quantity depends on the difference of positions alone, an absolute one on the
///     position alone. Nothing is cached by a call.
///  3. Keys are rotated once, before they are cached.
///  4. Sharing is ownership: T5's layers hold one pointer, UMT5's each their own.
/// The base class is the encoding `none`.
class PositionalEncoding {
 public:
  static constexpr int64_t unlimited = std::numeric_limits<int64_t>::max();

  virtual ~PositionalEncoding() = default;

  /// Changes token vectors before the first layer. x: [T, D], rows at `block.queries`.
  virtual void embed(View /*x*/, const Block& /*block*/) const {}
  /// Rotates projected rows in place, at `block.queries` whatever the role. heads: [H, T, d].
  virtual void rotate(View /*heads*/, Role /*role*/, const Block& /*block*/) const {}
  /// Adds to scores. s: [H, Tq, Tk], q: [H, Tq, d] scaled and rotated, k: [H, Tk, d] rotated (its
  /// head stride is 0 where heads share keys).
  virtual void score(View /*s*/, ConstView /*q*/, ConstView /*k*/, const Block& /*block*/) const {}
  /// Adds to attention's output. y: [H, Tq, d], p: [H, Tq, Tk] probabilities, 0 where hidden.
  virtual void mix(View /*y*/, ConstView /*p*/, const Block& /*block*/) const {}

  /// Largest number of positions that the encoding can represent.
  virtual int64_t max_length() const { return unlimited; }
};

/// A half-open range of key indices.
struct Range {
  int64_t begin = 0;
  int64_t end = 0;
};

/// The keys of a sequence, cached ones included.
struct KeyRows {
  int64_t count = 0;
  int64_t first = 0;  ///< index of the first key of this run; those before it are cached
};

/// Which keys a query may see. The encoding has no part in it.
class Visibility {
 public:
  virtual ~Visibility() = default;
  /// Keys that the query with the given index among all rows sees.
  virtual Range keys(int64_t query, const KeyRows& rows) const = 0;
  /// Whether no query sees a later key.
  virtual bool causal() const { return false; }
  /// Whether a query sees the same keys however rows are divided into runs.
  virtual bool stepwise() const { return true; }
};

/// Every key.
std::shared_ptr<const Visibility> visible_all();
/// Keys up to the query itself.
std::shared_ptr<const Visibility> visible_causal();
/// At most `left` keys before the query and `right` after it. Throws Error for a negative number.
std::shared_ptr<const Visibility> visible_sliding(int64_t left, int64_t right);
/// Keys up to the query itself, of which at most `memory` were there before the run (Dai et al.
/// 2019, section 3.2): what a query sees depends on how a text is cut into runs. Throws Error for a
/// negative number.
std::shared_ptr<const Visibility> visible_segment(int64_t memory);

}  // namespace locus
