// A graph ready to run: checked, fused, packed, immutable.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "encoding_change.hpp"
#include "graph_spec.hpp"
#include "options.hpp"
#include "weights.hpp"

namespace locus {

/// Called with the number of nodes that are ready, and of all. May throw to end the loading.
using LoadProgress = std::function<void(int64_t done, int64_t total)>;

struct GraphOptions {
  Precision precision = Precision::f32;
  int64_t capacity = 0;  ///< positions that tables are built for; 0: the spec's context
  uint64_t seed = 0;     ///< of encodings that no checkpoint supplies
  EncodingChange change = {};
  std::vector<Scheme> schemes = {};  ///< the program's own, beside those of Locus
  /// Called between nodes and before each weight, on the caller's thread. What it throws ends the
  /// construction and reaches the caller: `Error::cancellation()` or a type of its own; exceptions
  /// of std become an Error.
  LoadProgress progress = {};
  /// That pack weights, at most; fewer where there is little to pack or no more start. 0: the
  /// machine's physical cores.
  int threads = 0;
};

/// What a sequence of a graph is made of.
struct GraphInput {
  enum class Kind {
    ids,       ///< of tokens
    features,  ///< a vector for each row: frames of speech
    map,       ///< the same on a map of rows and columns: pixels of an image
  };
  Kind kind = Kind::ids;
  int64_t width = 0;  ///< values of a row; 0 for ids
};

/// A node after compilation.
struct NodeSummary {
  std::string name;
  std::string kind;
  std::string
      rows;  ///< what a row stands for: `tokens`, `decoder tokens`, `sequences`, `requested`,
             ///< `features`; or the name of the node that laid rows out anew (patches, windows)
  int64_t width = 0;
};

/// What the engine makes of a spec and its weights. Threads may share it. It keeps what it needs:
/// the `Weights` may be destroyed, and their files replaced or removed. Only files of embedding
/// tables stay open, because rows are read when a text first needs them: if such a file is
/// overwritten or shortened, a run that needs another row of it throws Error, and no run sees a
/// new value.
class Graph {
 public:
  /// Throws Error that names the node: unknown kinds, inputs and attributes, missing weights, wrong
  /// shapes.
  Graph(GraphSpec spec, const Weights& weights, const GraphOptions& options = {});
  ~Graph();
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  const GraphSpec& spec() const;
  const GraphOptions& options() const;
  std::vector<NodeSummary> nodes() const;
  /// Stored weights that the graph read, sorted.
  const std::vector<std::string>& weights_used() const;
  /// Encodings' weights that no checkpoint supplied and that began from a seeded initial state.
  const std::vector<std::string>& weights_initialised() const;
  bool untrained() const { return !weights_initialised().empty(); }
  int64_t parameters() const;           ///< values of all weights, encodings included
  int64_t encoding_parameters() const;  ///< values of the encodings' weights
  /// Positions that a sequence may have: the smallest maximum of the graph's encodings.
  int64_t max_length() const;
  GraphInput input() const;
  int64_t vocabulary() const;  ///< rows of the embedding table that `ids` look up
  int64_t bytes() const;       ///< of packed weights
  bool looks_ahead() const;    ///< whether a row of what decodes depends on rows that come later
  bool causal() const;         ///< whether `Session::decode` may be called
  bool stepwise() const;       ///< whether that gives the same for a text in parts as for the whole

  /// An encoding of the graph, by its name in the spec.
  std::shared_ptr<const PositionalEncoding> encoding(const std::string& name) const;

  struct Plan;  ///< internal

 private:
  friend class Session;
  std::unique_ptr<const Plan> plan_;
};

}  // namespace locus
