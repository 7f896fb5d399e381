// What a model says of a whole text.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../engine/session.hpp"

namespace locus {

/// A class and its score.
struct ClassScore {
  int64_t id = 0;
  double value = 0;  ///< a probability; of a regression what it estimates
};

/// Whether `classify` can do a graph's task:
/// - sequence-classification, image-classification: probabilities add up to 1; a single class has a
///   probability of its own, as in transformers' pipeline
/// - multi-label-classification: each class has a probability of its own
/// - sequence-regression, next-sentence
bool classifies(std::string_view task);

/// Whether a graph chooses among texts: multiple choice, or a language model with a second head.
bool chooses(const GraphSpec& spec);

/// What the logits of a task mean, best first; a regression's in the order of its outputs. Throws
/// Error for logits that are not finite.
std::vector<ClassScore> class_scores(std::string_view task, std::span<const float> logits);

/// What the logits of one sequence mean (special tokens included), best first. Throws Error for a
/// graph of another task.
std::vector<ClassScore> classify(Session& session, const Sequence& sequence);

/// The probabilities of several choices, a sequence each, best first. Throws Error for a graph that
/// is not made for multiple choice.
std::vector<ClassScore> choose(Session& session, std::span<const Sequence> choices);

/// The name of a class: the config's own, `LABEL_2` where it has none.
std::string label_of(std::span<const std::string> labels, int64_t id);

}  // namespace locus
