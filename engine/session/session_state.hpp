// The memory of a session.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/graph/plan.hpp"
#include "engine/session.hpp"

namespace locus {

struct Session::State {
  State(std::shared_ptr<const Graph> shared_graph, const SessionOptions& options);

  /// Runs whole sequences, and new rows of cached ones. A run that fails leaves no results.
  void encode(std::span<const Sequence> batch);
  void decode(session::Rows& rows, std::span<const Sequence> batch);
  /// Throws Error where the last run left no results.
  void expect_results() const;
  void run_stage(graph::Stage stage, bool caching);
  /// Whether the last runs made a value, or left nothing but the tail to do for it.
  bool can_give(int value) const;
  /// The tail of all rows, unless it is there.
  void finish_tail();
  void run_head(std::span<const int64_t> rows);
  void restart();
  void reorder(std::span<const int64_t> parents);

  View view(size_t value);
  ConstView view(size_t value) const;
  int64_t rows_of(const graph::Value& value) const;
  const session::Rows& rows_of(int stream) const {
    return stream == 0 ? main : streams[stream - 1];
  }
  int64_t bytes() const;

  std::shared_ptr<const Graph> graph;
  const Graph::Plan& plan;
  bool trace;
  Team team;
  session::Rows main;
  session::Rows decoder;
  std::vector<session::Rows> streams;   // of main, laid out anew
  const session::Rows* last = nullptr;  // rows of the last run
  bool has_results = false;             // whether the last run ended well
  std::vector<int64_t> requested;
  /// What the tail's values hold.
  enum class TailRows { none, requested, all } tail = TailRows::none;
  std::vector<Tensor> buffers;    // one for each slot; for each value when tracing
  std::vector<char> computed;     // [values], since the last encode
  std::vector<Tensor> tail_rows;  // requested rows of each of the tail's inputs
  std::vector<int64_t> in_order;  // 0, 1, ... for each requested row
  std::vector<Scratch> scratch;   // one for each worker
  Scratch shared;
  std::vector<session::KeyValueCache> caches;  // one for each attention node
  std::vector<int64_t> lengths;                // of cached sequences
  AttentionObserver observer;
  NodeObserver node_observer;

 private:
  /// Lays a batch out as rows; cached sequences continue.
  void fill(session::Rows& rows, std::span<const Sequence> batch, bool cached);
  void begin_decoding(session::Rows& rows, size_t sequences);
  /// Forgets what stages from `first` on computed.
  void forget_results(graph::Stage first);
  /// The head of all rows, for traces.
  void trace_head();
  void run_step(const graph::Step& step, layers::Run& run);
  /// Copies requested rows of what the tail reads.
  void gather_tail_inputs();
  /// Whether a value holds requested rows alone, in their order.
  bool compact(const graph::Value& value) const;
  View input(int value, graph::Stage stage);
  /// A sequence and how many rows it has.
  struct Counted {
    const Sequence& sequence;
    int64_t rows;
  };
  void append(session::Rows& rows, const Counted& part, int64_t index) const;
  void check(const Counted& part, int64_t total) const;
  /// Rows of a kind that a stage is to work on.
  struct ManyRows {
    graph::Stage stage;
    layers::RowKind kind;
    int64_t count;
  };
  /// Throws Error where the values of such rows alone are more than this process can have, before
  /// hours of work show it.
  void expect_memory(const ManyRows& rows) const;
  void lay_out_streams();
};

}  // namespace locus
