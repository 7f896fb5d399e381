#include "engine/session.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/float_environment.hpp"
#include "engine/graph/plan.hpp"
#include "engine/session/session_state.hpp"

namespace locus {

Session::Session(std::shared_ptr<const Graph> graph, const SessionOptions& options) try
    : state_(std::make_unique<State>(std::move(graph), options)) {
} catch (...) {
  throw_as_error("session");
}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

const Graph& Session::graph() const { return *state_->graph; }
int Session::threads() const { return state_->team.size(); }

void Session::encode(std::span<const Sequence> batch) try {
  const DefaultFloats floats;
  state_->encode(batch);
} catch (...) {
  throw_as_error("encode");
}

void Session::decode(std::span<const Sequence> batch) try {
  const DefaultFloats floats;
  if (!graph().causal()) throw Error("decode", "a causal model", "'" + graph().spec().family + "'");
  const bool pair = state_->plan.has_decoder;
  session::Rows& rows = pair ? state_->decoder : state_->main;
  if (pair && state_->main.count() == 0) throw Error("decode", "an encoded source", "none");
  state_->decode(rows, batch);
} catch (...) {
  throw_as_error("decode");
}

void Session::restart() try { state_->restart(); } catch (...) {
  throw_as_error("restart");
}
void Session::reorder(std::span<const int64_t> parents) try {
  state_->reorder(parents);
} catch (...) {
  throw_as_error("reorder");
}

std::span<const int64_t> Session::offsets() const { return state_->last->offsets; }

ConstView Session::logits(std::span<const int64_t> rows) try {
  const DefaultFloats floats;
  const auto found = state_->plan.outputs.find("logits");
  if (found == state_->plan.outputs.end()) {
    throw Error("logits", "a model with a head", "'" + graph().spec().task + "'");
  }
  state_->expect_results();
  state_->run_head(rows);
  return state_->view(found->second);
} catch (...) {
  throw_as_error("logits");
}

ConstView Session::output(std::string_view name) try {
  const DefaultFloats floats;
  state_->expect_results();
  const auto found = state_->plan.outputs.find(std::string(name));
  if (found == state_->plan.outputs.end() || !state_->can_give(found->second)) {
    throw Error("session", "an output '" + std::string(name) + "'", "none");
  }
  if (state_->plan.values[found->second].stage == graph::Stage::tail) state_->finish_tail();
  return state_->view(found->second);
} catch (...) {
  throw_as_error("output");
}

std::map<std::string, ConstView> Session::trace() try {
  const DefaultFloats floats;
  if (!state_->trace) throw Error("trace", "a session with the option trace", "one without");
  state_->expect_results();
  std::map<std::string, ConstView> nodes;
  for (size_t value = 0; value < state_->plan.values.size(); ++value) {
    if (state_->computed[value]) nodes[state_->plan.values[value].name] = state_->view(value);
  }
  return nodes;
} catch (...) {
  throw_as_error("trace");
}

void Session::cancel() noexcept { state_->team.cancel(); }
void Session::resume() noexcept { state_->team.resume(); }
void Session::parallel(int64_t count, const std::function<void(int64_t, int)>& task) {
  state_->team.parallel(count, task);
}

void Session::observe(AttentionObserver observer) { state_->observer = std::move(observer); }
void Session::time_nodes(NodeObserver observer) { state_->node_observer = std::move(observer); }
int64_t Session::bytes() const { return state_->bytes(); }

}  // namespace locus
