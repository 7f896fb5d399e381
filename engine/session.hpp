// Everything that changes while a graph runs.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "graph.hpp"
#include "tensor.hpp"

namespace locus {

/// Rows and columns of a map, whose cells are rows of a sequence, line by line.
struct MapSize {
  int64_t height = 0;
  int64_t width = 0;
  bool operator==(const MapSize&) const = default;
};

/// One sequence of a batch: ids, or features where the graph reads those (`Graph::input`).
struct Sequence {
  std::span<const int32_t> ids;
  std::span<const int32_t> type_ids = {};  ///< as many as ids, or none for 0
  std::span<const float> positions = {};   ///< as many as rows, or none for consecutive ones
  std::span<const float> features = {};    ///< [rows, width]: frames of speech, pixels of an image
  MapSize map = {};                        ///< of an image, whose pixels are the rows
};

/// One tile of attention as an observer sees it.
struct AttentionTile {
  std::string_view node;
  int64_t sequence = 0;
  int64_t head = 0;
  int64_t first_query = 0;  ///< index of the tile's first query in its sequence
  int64_t first_key = 0;    ///< below 0 where keys stand before the sequence
  ConstView probabilities;  ///< [Tq, Tk]
};
using AttentionObserver = std::function<void(const AttentionTile&)>;

/// A node that a run has computed. A sum computed together with its norm counts as the norm.
struct NodeTime {
  std::string_view node;
  std::string_view kind;
  double seconds = 0;
};
using NodeObserver = std::function<void(const NodeTime&)>;

struct SessionOptions {
  int threads = 0;     ///< 0: the machine's physical cores
  bool trace = false;  ///< keep the output of every node
};

/// Runs a graph on ragged batches: sequences of any lengths, without padding. One session serves
/// one thread at a time; any number of sessions share a graph. Results are equal bit for bit for
/// any number of threads and any other sequences in the batch, whatever locale, rounding mode,
/// flushing of subnormal numbers or number of OpenMP threads the caller has set; these settings are
/// left as they are. Its threads take no signals. After the first runs nothing is allocated.
///
/// A run that throws, refused or cancelled, leaves nothing to read: `logits`, `output` and `trace`
/// throw Error until a run ends well. An `encode` that failed has to be made again. A `decode` that
/// failed appended nothing: sequences are as they were before it, and it may be made again. Calls
/// of a session that was moved from throw Error, but for `cancel` and `resume`, which do nothing.
class Session {
 public:
  explicit Session(std::shared_ptr<const Graph> graph, const SessionOptions& options = {});
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  const Graph& graph() const;
  int threads() const;

  /// Runs the graph on whole sequences, without caches: an encoder, the encoder of an
  /// encoder-decoder (whose decoder then starts anew), or a causal model that scores a text.
  /// Throws Error for an empty batch or sequence, ids outside the vocabulary, more positions than
  /// the encodings represent, and when cancelled.
  void encode(std::span<const Sequence> batch);

  /// Appends rows to every sequence of the running batch, with cached keys and values: prompts
  /// first, then a token each. An encoder-decoder continues the sequences of the last `encode`; a
  /// causal model begins after `restart`. A sequence may have no new rows. Throws Error for a graph
  /// that is not causal.
  void decode(std::span<const Sequence> batch);

  /// Forgets cached sequences; the next `decode` may bring another number of them.
  void restart();
  /// Makes cached sequence i a copy of what `parents[i]` was; of -1, one that has no rows yet.
  /// Throws Error for no parents, and for one that is no cached sequence; what fails changes
  /// nothing.
  void reorder(std::span<const int64_t> parents);

  /// Rows of the last `encode` or `decode`: sequence i has rows [offsets()[i], offsets()[i + 1]).
  std::span<const int64_t> offsets() const;

  /// Computes the head for the given rows of the last run. [rows, width of `logits`]. Valid until
  /// the next call. Throws Error where no run has ended well.
  ConstView logits(std::span<const int64_t> rows);
  /// An output by its name in `GraphSpec::outputs`, of the last run that computed it. Throws Error
  /// where the graph has none, or the last run failed. [rows, width]
  ConstView output(std::string_view name);
  /// Every node's output of the last runs, with `SessionOptions::trace`; heads for all rows. Throws
  /// Error where the last run failed.
  std::map<std::string, ConstView> trace();

  /// Ends the present run within milliseconds, from any thread or a signal handler; the run throws
  /// an Error whose `cancelled()` is true. Later runs end at once until `resume`.
  void cancel() noexcept;
  void resume() noexcept;

  /// Called for each tile of attention, from any worker; an empty function ends it.
  void observe(AttentionObserver observer);
  /// Called after each node, from the thread that runs; an empty function ends it.
  void time_nodes(NodeObserver observer);

  /// Calls `task(index, worker)` for every index below `count`, on the session's threads: for work
  /// on its outputs. Cancelled as runs are.
  void parallel(int64_t count, const std::function<void(int64_t index, int worker)>& task);

  /// Bytes of buffers and caches held at present.
  int64_t bytes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace locus
