// A compiled node and what it works with.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/threads.hpp"
#include "engine/graph.hpp"
#include "engine/scratch.hpp"
#include "engine/session.hpp"
#include "engine/session/key_value_cache.hpp"
#include "engine/session/rows.hpp"

namespace locus::layers {

/// Inputs that a node may have.
constexpr size_t max_inputs = 16;

/// One run, as a layer sees it. Everything that changes lies here.
struct Run {
  const session::Rows& rows;           // of the node's stream; of the new one where it begins one
  const session::Rows& memory;         // of the encoder, for cross-attention
  std::span<const int64_t> requested;  // rows that the head is computed for
  Team& team;
  Scratch& shared;                           // for the whole layer
  std::span<Scratch> scratch;                // [workers]
  std::span<session::KeyValueCache> caches;  // one for each attention node
  bool caching = false;                      // whether rows are appended to caches
  const AttentionObserver& observer;
};

/// Calls `task(begin, end, worker)` for chunks of rows whose number depends on `width` alone.
void for_rows(Run& run, int64_t rows, int64_t width,
              const std::function<void(int64_t, int64_t, int)>& task);

/// Rows of a stream laid out anew, whatever lies in them: patches of a map, windows.
struct Layout {
  std::string name;     ///< equal for layouts that do the same
  bool cuts = false;    ///< whether its sequences are parts of the batch's
  bool mapped = false;  ///< whether its rows lie on maps
  int axes = 1;         ///< of positions
  /// Fills offsets, pieces, positions and maps. Throws Error for a map that it cannot lay out.
  std::function<void(const session::Rows& from, session::Rows& to)> lay_out;
};

/// What a row of a node's output stands for.
enum class RowKind { tokens, decoder_tokens, sequences, requested };

/// A compiled node. Immutable.
class Layer {
 public:
  virtual ~Layer() = default;
  /// Inputs and outputs are matrices [rows, width].
  virtual void run(std::span<const ConstView> inputs, std::span<const View> outputs,
                   Run& run) const = 0;
  /// Whether its first output may lie where its first input lies.
  virtual bool in_place() const { return false; }
  /// Whether a row of its outputs depends on the same row of its inputs alone.
  virtual bool by_row() const { return false; }
  /// Width of its output.
  virtual int64_t width() const = 0;
  /// The layout of a node whose output has other rows than its input.
  virtual const Layout* layout() const { return nullptr; }
  /// Bytes of packed weights.
  virtual int64_t bytes() const { return 0; }
};

}  // namespace locus::layers
