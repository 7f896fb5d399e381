#include "tools/cli/verbs/position/measure.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "evaluation/score.hpp"
#include "pipelines/tokenizers.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/terminal/interruption.hpp"

namespace locus::cli {
namespace {

constexpr size_t max_words = 24;
constexpr int iterations = 200;

double norm_of(std::span<const double> vector) {
  double sum = 0;
  for (const double value : vector) sum += value * value;
  return std::sqrt(sum);
}

using Vectors = std::vector<std::vector<double>>;

Vectors rows_of(ConstView rows) {
  Vectors vectors;
  for (int64_t row = 0; row < rows.size(0); ++row) {
    vectors.emplace_back(rows.row(row).begin(), rows.row(row).end());
  }
  return vectors;
}

void centre(Vectors& vectors) {
  for (size_t column = 0; column < vectors[0].size(); ++column) {
    double mean = 0;
    for (const auto& vector : vectors) mean += vector[column] / static_cast<double>(vectors.size());
    for (auto& vector : vectors) vector[column] -= mean;
  }
}

/// Coordinates on the longest axis of centred vectors, by power iteration; takes the axis out.
std::vector<double> take_axis(Vectors& vectors) {
  std::vector<double> axis(vectors[0].size(), 1.0), places(vectors.size());
  for (int step = 0; step < iterations; ++step) {
    std::vector<double> next(axis.size());
    const double length = std::max(norm_of(axis), 1e-30);
    for (size_t i = 0; i < vectors.size(); ++i) {
      places[i] = 0;
      for (size_t c = 0; c < axis.size(); ++c) places[i] += vectors[i][c] * axis[c] / length;
      for (size_t c = 0; c < axis.size(); ++c) next[c] += places[i] * vectors[i][c];
    }
    if (step + 1 < iterations) axis = std::move(next);
  }
  const double length = std::max(norm_of(axis), 1e-30);
  for (size_t i = 0; i < vectors.size(); ++i) {
    for (size_t c = 0; c < axis.size(); ++c) vectors[i][c] -= places[i] * axis[c] / length;
  }
  return places;
}

/// Words before and after on the two axes along which they differ most.
std::vector<Arrow> arrows_of(ConstView before, ConstView after,
                             const std::vector<std::string>& words) {
  Vectors all = rows_of(before), moved = rows_of(after);
  all.resize(words.size());
  all.insert(all.end(), moved.begin(), moved.begin() + static_cast<int64_t>(words.size()));
  centre(all);
  const std::vector<double> x = take_axis(all), y = take_axis(all);
  std::vector<Arrow> arrows;
  for (size_t i = 0; i < words.size(); ++i) {
    arrows.push_back({words[i], x[i], y[i], x[words.size() + i], y[words.size() + i]});
  }
  return arrows;
}

/// The position nodes that change their input, as a traced session sees them.
class AddedCollector {
 public:
  explicit AddedCollector(const GraphSpec& spec) {
    for (const NodeSpec& node : spec.nodes) {
      if (node.kind == "position") nodes_.push_back(&node);
    }
  }

  void read(const std::map<std::string, ConstView>& trace, const std::vector<std::string>& words) {
    for (const NodeSpec* node : nodes_) {
      const auto before = trace.find(node->inputs[0]), after = trace.find(node->name);
      if (before == trace.end() || after == trace.end()) continue;
      read(before->second, after->second, words, added_[node->name]);
    }
  }

  std::vector<AddedPositions> take() {
    std::vector<AddedPositions> all;
    for (auto& [name, added] : added_) {
      if (std::ranges::all_of(added.position_norms, [](double norm) { return norm == 0; }))
        continue;
      added.node = name;
      std::ranges::sort(added.token_norms);
      all.push_back(std::move(added));
    }
    return all;
  }

 private:
  static void read(ConstView before, ConstView after, const std::vector<std::string>& words,
                   AddedPositions& added) {
    for (int64_t row = 0; row < before.size(0); ++row) {
      std::vector<double> difference(before.row(row).size());
      for (size_t c = 0; c < difference.size(); ++c) {
        difference[c] = double{after.row(row)[c]} - before.row(row)[c];
      }
      const std::vector<double> token(before.row(row).begin(), before.row(row).end());
      added.token_norms.push_back(norm_of(token));
      if (static_cast<size_t>(row) == added.position_norms.size()) {
        added.position_norms.push_back(norm_of(difference));
      }
    }
    if (added.words.empty() && !words.empty()) added.words = arrows_of(before, after, words);
  }

  std::vector<const NodeSpec*> nodes_;
  std::map<std::string, AddedPositions> added_;
};

}  // namespace

std::vector<AddedPositions> measure_added(const Model& model, const SessionOptions& options,
                                          const std::vector<EncodedText>& texts) {
  SessionOptions traced = options;
  traced.trace = true;
  Session session(model.graph(), traced);
  const Cancellable cancellable(session);
  AddedCollector added(model.spec());
  for (const EncodedText& text : texts) {
    const size_t named = std::min(text.tokens.size(), max_words);
    session.encode(std::vector<Sequence>{{text.ids}});
    added.read(session.trace(), {text.tokens.begin(), text.tokens.begin() + named});
  }
  return added.take();
}

PositionMeasure measure_positions(const Model& model, const CommonOptions& options,
                                  const std::vector<std::string>& texts) {
  const auto tokenizer = open_tokenizer(model);
  const int64_t longest = default_context(*model.graph());
  PositionMeasure measure;
  std::vector<EncodedText> readings;
  std::vector<Sequence> sequences;
  for (const Document& document : read_given_documents(texts, "")) {
    readings.push_back(tokenizer->encode(document.raw, {.max_length = longest}));
    measure.tokens += static_cast<int64_t>(readings.back().ids.size());
  }
  for (const EncodedText& reading : readings) sequences.push_back({reading.ids});
  measure.added = measure_added(model, session_options(options), readings);
  measure.documents = static_cast<int64_t>(readings.size());
  Session session(model.graph(), session_options(options));
  const Cancellable cancellable(session);
  measure.reach = measure_reach(session, sequences);
  return measure;
}

}  // namespace locus::cli
