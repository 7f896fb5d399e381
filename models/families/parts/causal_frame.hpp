// What every causal model has before and after its layers.
#pragma once

#include <string>

#include "models/families/parts/graph_builder.hpp"

namespace locus::families {

/// The names of a family.
struct CausalNames {
  std::string family;  ///< its `model_type`
  std::string base;    ///< path of its base model, with its dot
  std::string bare, headed;
  std::string tokens =
      "classifier";                ///< the head of ...ForTokenClassification; empty: no such class
  bool answers = true;             ///< whether there is ...ForQuestionAnswering
  std::string answer_base = base;  ///< `base` in that class
  bool chooses = false;            ///< whether there is ...DoubleHeadsModel
  bool both_sides = false;         ///< whether its layers can see what follows
  /// The row that ...ForSequenceClassification reads where the config has a padding id: the last
  /// that is not padding, as a rule.
  std::string classified = "last_other";
};

/// The graph of the class that a config names: the bare one, the language model (alone or beside a
/// head that chooses among texts), or one that classifies sequences or tokens or answers questions.
class CausalFrame {
 public:
  CausalFrame(const Config& config, const Weights& weights, const CausalNames& names,
              GraphBuilder::Extent extent);

  GraphBuilder& graph() { return graph_; }
  /// Names the last hidden state and adds what the class puts on top of it; `head` where that is a
  /// language model.
  FamilyGraph finish(const LmHead& head, const std::string& last);

 private:
  std::string tokens_, classified_;
  std::string architecture_;
  GraphBuilder graph_;
};

/// The row of each sequence from which causal models tell its classes: its last one, or by `kind`
/// (see `CausalNames::classified`) where the config has a padding id. Returns the node.
std::string add_classified_row(GraphBuilder& graph, const std::string& name,
                               const std::string& kind, const std::string& input);

}  // namespace locus::families
