#include "evaluation/predict_tokens.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "engine/probabilities.hpp"
#include "evaluation/scoring/row_scorer.hpp"

namespace locus {
namespace {

constexpr int64_t batch_tokens = 2048;
constexpr size_t rows_at_once = 256;  // of logits alive at a time

/// A token, and the row of the batch that predicts it.
struct Question {
  int64_t row = 0;
  int32_t id = 0;
  PredictedToken* answer = nullptr;
};

PredictedToken predicted(std::span<const float> logits, int32_t id, int64_t top) {
  const double sum = ops::log_sum_exp(logits);
  const auto log_probability = [&](int32_t token) {
    return static_cast<double>(logits[static_cast<size_t>(token)]) - sum;
  };
  PredictedToken token{log_probability(id), {}};
  std::vector<int32_t> order(logits.size());
  std::iota(order.begin(), order.end(), 0);
  const auto kept = std::min(top, static_cast<int64_t>(order.size()));
  std::ranges::partial_sort(order, order.begin() + kept, [&](int32_t a, int32_t b) {
    const float x = logits[static_cast<size_t>(a)], y = logits[static_cast<size_t>(b)];
    return x != y ? x > y : a < b;
  });
  for (int64_t i = 0; i < kept; ++i) {
    const int32_t best = order[static_cast<size_t>(i)];
    token.best.push_back({best, log_probability(best)});
  }
  return token;
}

void answer(Session& session, std::span<const Question> questions, int64_t top) {
  for (size_t first = 0; first < questions.size(); first += rows_at_once) {
    const auto part = questions.subspan(first, std::min(rows_at_once, questions.size() - first));
    std::vector<int64_t> rows;
    for (const Question& each : part) rows.push_back(each.row);
    const ConstView logits = session.logits(rows);  // [rows, V]
    session.parallel(logits.size(0), [&](int64_t row, int) {
      const Question& question = part[static_cast<size_t>(row)];
      *question.answer = predicted(logits.row(row), question.id, top);
    });
  }
  for (const Question& each : questions) {
    if (std::isfinite(each.answer->log_probability)) continue;
    throw Error("predictions", "finite logits", "others");
  }
}

/// Sequences that run together, and what is asked about them.
struct Batch {
  std::vector<Sequence> sequences;
  std::vector<Question> questions;
  int64_t rows = 0;

  void add(const PredictedSequence& sequence, std::vector<PredictedToken>& answers) {
    sequences.push_back({.ids = sequence.ids});
    const auto count = static_cast<int64_t>(sequence.ids.size());
    answers.resize(static_cast<size_t>(std::max<int64_t>(0, count - sequence.first)));
    for (int64_t i = sequence.first; i < count; ++i) {
      questions.push_back({rows + i - 1, sequence.ids[static_cast<size_t>(i)],
                           &answers[static_cast<size_t>(i - sequence.first)]});
    }
    rows += count;
  }

  void run(Session& session, int64_t top) {
    if (sequences.empty()) return;
    session.encode(sequences);
    answer(session, questions, top);
    *this = {};
  }
};

}  // namespace

std::vector<std::vector<PredictedToken>> predict_tokens(
    Session& session, std::span<const PredictedSequence> sequences, int64_t top) {
  const std::string& task = session.graph().spec().task;
  if (task != "causal-lm") throw Error("predictions", "a causal language model", task);
  evaluation::expect_no_look_ahead(session.graph());
  std::vector<std::vector<PredictedToken>> predictions(sequences.size());
  Batch batch;
  for (size_t i = 0; i < sequences.size(); ++i) {
    const auto rows = static_cast<int64_t>(sequences[i].ids.size());
    if (sequences[i].first < 1) {
      throw Error("predictions", "a token with one before it", "the first one");
    }
    if (batch.rows + rows > batch_tokens) batch.run(session, top);
    batch.add(sequences[i], predictions[i]);
  }
  batch.run(session, top);
  return predictions;
}

}  // namespace locus
