#include "engine/session.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/public_call.hpp"
#include "engine/graph/plan.hpp"
#include "engine/session/session_state.hpp"

namespace locus {
namespace {

std::shared_ptr<const Graph> given(std::shared_ptr<const Graph> graph) {
  if (!graph) throw Error("session", "a graph", "none");
  return graph;
}

/// Throws Error for a session that was moved from.
template <class State>
State& held(const std::unique_ptr<State>& state) {
  if (state) return *state;
  throw Error("session", "one that holds a graph", "one that was moved from");
}

}  // namespace

Session::Session(std::shared_ptr<const Graph> graph, const SessionOptions& options)
    : state_(public_call(
          "session", [&] { return std::make_unique<State>(given(std::move(graph)), options); })) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

const Graph& Session::graph() const { return *held(state_).graph; }
int Session::threads() const { return held(state_).team.size(); }

void Session::encode(std::span<const Sequence> batch) {
  public_call("encode", [&] { held(state_).encode(batch); });
}

void Session::decode(std::span<const Sequence> batch) {
  public_call("decode", [&] {
    State& state = held(state_);
    if (!graph().causal())
      throw Error("decode", "a causal model", "'" + graph().spec().family + "'");
    const bool pair = state.plan.has_decoder;
    session::Rows& rows = pair ? state.decoder : state.main;
    if (pair && state.main.count() == 0) throw Error("decode", "an encoded source", "none");
    state.decode(rows, batch);
  });
}

void Session::restart() {
  public_call("restart", [&] { held(state_).restart(); });
}

void Session::reorder(std::span<const int64_t> parents) {
  public_call("reorder", [&] { held(state_).reorder(parents); });
}

std::span<const int64_t> Session::offsets() const { return held(state_).last->offsets; }

ConstView Session::logits(std::span<const int64_t> rows) {
  return public_call("logits", [&] {
    State& state = held(state_);
    const auto found = state.plan.outputs.find("logits");
    if (found == state.plan.outputs.end()) {
      throw Error("logits", "a model with a head", "'" + graph().spec().task + "'");
    }
    state.expect_results();
    state.run_head(rows);
    return state.view(found->second);
  });
}

ConstView Session::output(std::string_view name) {
  return public_call("output", [&] {
    State& state = held(state_);
    state.expect_results();
    const auto found = state.plan.outputs.find(std::string(name));
    if (found == state.plan.outputs.end() || !state.can_give(found->second)) {
      throw Error("session", "an output '" + std::string(name) + "'", "none");
    }
    if (state.plan.values[found->second].stage == graph::Stage::tail) state.finish_tail();
    return state.view(found->second);
  });
}

std::map<std::string, ConstView> Session::trace() {
  return public_call("trace", [&] {
    State& state = held(state_);
    if (!state.trace) throw Error("trace", "a session with the option trace", "one without");
    state.expect_results();
    std::map<std::string, ConstView> nodes;
    for (size_t value = 0; value < state.plan.values.size(); ++value) {
      if (state.computed[value]) nodes[state.plan.values[value].name] = state.view(value);
    }
    return nodes;
  });
}

void Session::cancel() noexcept {
  if (state_) state_->team.cancel();
}
void Session::resume() noexcept {
  if (state_) state_->team.resume();
}
void Session::parallel(int64_t count, const std::function<void(int64_t, int)>& task) {
  held(state_).team.parallel(count, task);
}

void Session::observe(AttentionObserver observer) { held(state_).observer = std::move(observer); }
void Session::time_nodes(NodeObserver observer) {
  held(state_).node_observer = std::move(observer);
}
int64_t Session::bytes() const { return held(state_).bytes(); }

}  // namespace locus
