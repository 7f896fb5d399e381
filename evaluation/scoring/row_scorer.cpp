#include "evaluation/scoring/row_scorer.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.hpp"
#include "engine/probabilities.hpp"

namespace locus::evaluation {
namespace {

constexpr size_t max_rows = 256;  // of logits alive at a time
constexpr size_t tile_rows = 16;  // that one worker scores

}  // namespace

int32_t id_of(const Text& text, int64_t index) { return text.ids[static_cast<size_t>(index)]; }

int64_t checked_context(const Graph& graph, int64_t context) {
  if (context == 0) return default_context(graph);
  if (context > graph.max_length()) {
    throw Error("context", "at most " + std::to_string(graph.max_length()) + " positions",
                std::to_string(context));
  }
  return context;
}

int64_t causal_context(const Graph& graph, int64_t context) {
  expect_no_look_ahead(graph);
  return checked_context(graph, context);
}

void expect_no_look_ahead(const Graph& graph) {
  if (!graph.looks_ahead()) return;
  throw Error("scoring", "a model whose predictions see no later token",
              "'" + graph.spec().family + "' with attention to both sides");
}

RowScorer::RowScorer(Session& session, int64_t total, const Progress& progress)
    : session_(session), total_(total), progress_(progress) {
  if (total == 0) throw Error("scoring", "texts long enough for a token to be scored", "none");
}

void RowScorer::collect(std::span<const Target> targets) {
  for (size_t begin = 0; begin < targets.size(); begin += max_rows) {
    collect_part(targets.subspan(begin, std::min(max_rows, targets.size() - begin)));
  }
  done_ += static_cast<int64_t>(targets.size());
  if (progress_) progress_(done_, total_);
}

void RowScorer::collect_part(std::span<const Target> targets) {
  std::vector<int64_t> rows;
  for (const Target& target : targets) rows.push_back(target.row);
  const ConstView logits = session_.logits(rows);  // [targets, V]
  std::vector<TokenScore> scored(targets.size());
  const size_t tiles = (targets.size() + tile_rows - 1) / tile_rows;
  session_.parallel(static_cast<int64_t>(tiles), [&](int64_t tile, int) {
    const size_t begin = static_cast<size_t>(tile) * tile_rows;
    for (size_t i = begin; i < std::min(begin + tile_rows, targets.size()); ++i) {
      scored[i] = score(logits.row(static_cast<int64_t>(i)), targets[i]);
    }
  });
  for (size_t i = 0; i < targets.size(); ++i) take(targets[i], scored[i]);
}

TokenScore RowScorer::score(std::span<const float> logits, const Target& target) const {
  const int32_t token = target.token;
  const auto where = [&] { return name(target.text) + ", token " + std::to_string(target.index); };
  if (token < 0 || static_cast<size_t>(token) >= logits.size()) {
    throw Error(where(), "an id below " + std::to_string(logits.size()), std::to_string(token));
  }
  const ops::RowScore row = ops::score_row(logits, token);
  if (!std::isfinite(row.nll)) throw Error(where(), "finite logits", "infinity or NaN");
  return {target.index, token, row.rank, target.context, row.nll, row.entropy};
}

}  // namespace locus::evaluation
