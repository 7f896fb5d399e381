#include "models/tag.hpp"

#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "models/classify.hpp"
#include "models/heads/probabilities.hpp"
#include "models/shifted_text.hpp"

namespace locus {
namespace {

constexpr std::string_view outside = "O";

/// Tokens with one label.
struct LabelledPiece {
  std::string label;
  double probability;
  int64_t first, last;
};

std::string type_of(const std::string& label) {
  const bool prefixed = label.starts_with("B-") || label.starts_with("I-");
  return prefixed ? label.substr(2) : label;
}

/// The probabilities that decide on a word.
std::vector<double> decide(std::span<const TaggedToken> word, Aggregation aggregation) {
  const auto values = [](const TaggedToken& token) {
    return std::vector<double>(token.probabilities.begin(), token.probabilities.end());
  };
  if (aggregation == Aggregation::max) {
    return values(*std::ranges::max_element(word, {}, [](const TaggedToken& token) {
      return *std::ranges::max_element(token.probabilities);
    }));
  }
  std::vector<double> decisive = values(word[0]);
  if (aggregation != Aggregation::average) return decisive;
  for (size_t label = 0; label < decisive.size(); ++label) {
    double sum = 0;
    for (const TaggedToken& token : word) sum += token.probabilities[label];
    decisive[label] = sum / static_cast<double>(word.size());
  }
  return decisive;
}

bool by_words(Aggregation aggregation) {
  return aggregation != Aggregation::none && aggregation != Aggregation::simple;
}

/// Tokens, or words, each with its best label.
std::vector<LabelledPiece> labelled_pieces(std::span<const TaggedToken> tokens,
                                           std::span<const std::string> labels,
                                           Aggregation aggregation) {
  std::vector<LabelledPiece> pieces;
  for (size_t begin = 0; begin < tokens.size();) {
    size_t end = begin + 1;
    const bool whole = by_words(aggregation);
    while (whole && end < tokens.size() && tokens[end].word == tokens[begin].word) ++end;
    const auto word = tokens.subspan(begin, end - begin);
    const std::vector<double> probabilities = decide(word, aggregation);
    const int64_t best = heads::arg_max(probabilities);
    pieces.push_back({label_of(labels, best), probabilities[static_cast<size_t>(best)],
                      word.front().index, word.back().index});
    begin = end;
  }
  return pieces;
}

Entity joined(std::span<const LabelledPiece> pieces) {
  double sum = 0;
  for (const LabelledPiece& piece : pieces) sum += piece.probability;
  return {type_of(pieces.front().label), sum / static_cast<double>(pieces.size()),
          pieces.front().first, pieces.back().last};
}

void expect_tagger(const Session& session, std::string_view task, const std::string& expected) {
  const std::string& found = session.graph().spec().task;
  if (found != task) throw Error("tag", expected, found);
}

}  // namespace

std::vector<std::vector<double>> label_probabilities(Session& session, const Sequence& sequence) {
  expect_tagger(session, "token-classification", "a model that tags tokens");
  read_texts(session, {&sequence, 1});
  const ConstView logits = session.output("logits");  // [T, labels]
  std::vector<std::vector<double>> probabilities;
  for (int64_t row = 0; row < logits.size(0); ++row) {
    heads::check_finite_logits("tag", logits.row(row));
    probabilities.push_back(heads::softmax(logits.row(row)));
  }
  return probabilities;
}

std::vector<double> replaced_probabilities(Session& session, const Sequence& sequence) {
  expect_tagger(session, "replaced-tokens", "a discriminator of replaced tokens");
  read_texts(session, {&sequence, 1});
  const ConstView logits = session.output("logits");  // [T, 1]
  std::vector<double> probabilities;
  for (int64_t row = 0; row < logits.size(0); ++row) {
    heads::check_finite_logits("tag", logits.row(row));
    probabilities.push_back(heads::sigmoid(logits(row, 0)));
  }
  return probabilities;
}

Aggregation parse_aggregation(std::string_view name) {
  for (const auto& [known, aggregation] : {std::pair{"none", Aggregation::none},
                                           {"simple", Aggregation::simple},
                                           {"first", Aggregation::first},
                                           {"average", Aggregation::average},
                                           {"max", Aggregation::max}}) {
    if (name == known) return aggregation;
  }
  throw Error("aggregation", "none, simple, first, average or max", "'" + std::string(name) + "'");
}

std::vector<Entity> find_entities(std::span<const TaggedToken> tokens,
                                  std::span<const std::string> labels, Aggregation aggregation) {
  const std::vector<LabelledPiece> pieces = labelled_pieces(tokens, labels, aggregation);
  std::vector<Entity> entities;
  for (size_t begin = 0; begin < pieces.size();) {
    size_t end = begin + 1;
    const std::string type = type_of(pieces[begin].label);
    while (aggregation != Aggregation::none && end < pieces.size() &&
           type_of(pieces[end].label) == type && !pieces[end].label.starts_with("B-")) {
      ++end;
    }
    Entity entity = joined(std::span(pieces).subspan(begin, end - begin));
    if (aggregation == Aggregation::none) entity.label = pieces[begin].label;
    if (entity.label != outside) entities.push_back(std::move(entity));
    begin = end;
  }
  return entities;
}

}  // namespace locus
