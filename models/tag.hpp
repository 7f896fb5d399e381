// What a model says of each token, and of stretches of tokens.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../engine/session.hpp"

namespace locus {

/// Probabilities of the labels of each token. [T][labels]. Throws Error for a graph that does not
/// tag tokens and for logits that are not finite.
std::vector<std::vector<double>> label_probabilities(Session& session, const Sequence& sequence);

/// The probability of each token that it does not belong to the text (ELECTRA's discriminator).
/// Throws Error for another graph.
std::vector<double> replaced_probabilities(Session& session, const Sequence& sequence);

/// How tokens become entities, as transformers' pipeline calls it. `none`: each token is one.
/// `simple`: neighbours of one type, where a `B-` opens a new one. The others do the same with
/// whole words, whose label is that of their first token (`first`), of their surest token (`max`)
/// or of the mean of their tokens' probabilities (`average`).
enum class Aggregation { none, simple, first, average, max };
/// Throws Error for another name.
Aggregation parse_aggregation(std::string_view name);

/// One token of the text.
struct TaggedToken {
  int64_t index = 0;                      ///< among the ids
  int64_t word = 0;                       ///< tokens of a word have one number
  std::span<const double> probabilities;  ///< of each label
};

/// A stretch of tokens with one type, which is a label without its `B-` or `I-`.
struct Entity {
  std::string label;
  double probability = 0;  ///< the mean of its tokens' or words'
  int64_t first = 0;       ///< index of its first token among the ids
  int64_t last = 0;        ///< and of its last
};

/// Entities in the order of the text; those of `O` are left out.
std::vector<Entity> find_entities(std::span<const TaggedToken> tokens,
                                  std::span<const std::string> labels, Aggregation aggregation);

}  // namespace locus
