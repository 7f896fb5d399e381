// Writes a family's graph down: node names, weight names, encodings.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "models/families/family.hpp"
#include "models/families/parts/head_matrix.hpp"

namespace locus::families {

using WeightSlots = std::map<std::string, WeightRef>;

/// The slots of two maps together.
WeightSlots operator+(WeightSlots left, const WeightSlots& right);

/// The projection to the vocabulary.
struct LmHead {
  std::string path;   ///< of its module: `lm_head`
  std::string table;  ///< of the embedding that it may share
  bool tied = false;  ///< the class default of `tie_word_embeddings`
  double scale = 1;   ///< of the product
  WeightSlots bias = {};
  double soft_cap = 0;  ///< of logits; 0: none
};

/// A table of learned positions.
struct LearnedTable {
  std::string encoding;  ///< name of the encoding
  std::string position;  ///< path of the position node
  std::string table;     ///< path of the table's module
  int64_t rows = 0;      ///< positions, without those of `offset`
  int64_t width = 0;
  int64_t offset = 0;  ///< rows before position 0
};

/// The attributes of a causal attention: a query sees `window` keys, itself the last; 0: all.
Attributes causal_window(int64_t window);

/// Collects nodes. Every path is the module path in the class with a head (`bert.encoder.layer.0`):
///
///  - a node is named by that path, which is the innermost module with weights (or the block) whose
///    output equals the node's; in a bare class (`BertModel`) the base prefix falls away, as it
///    does in the reference;
///  - a weight is looked for by that path, then without the base prefix, then under the old names
///    `gamma` and `beta`.
class GraphBuilder {
 public:
  struct Naming {
    std::string base;   ///< `bert.`: the prefix that files may lack
    bool bare = false;  ///< whether the class itself lacks it
  };
  GraphBuilder(const Config& config, const Weights& weights, Naming naming);

  GraphSpec& spec() { return graph_.spec; }
  struct Extent {
    int64_t width = 0, context = 0;
  };
  /// What the graph says of itself.
  void describe(const std::string& family, const std::string& task, Extent extent);
  const Config& config() const { return config_; }

  /// Paths that begin with `prefix` have the weights that are stored under `other`: layers that
  /// share theirs.
  void share(const std::string& prefix, const std::string& other) { shared_[prefix] = other; }
  bool stored(const std::string& path) const;
  WeightRef weight(const std::string& path) const;
  /// A slot filled with `path.weight`: a product without bias.
  WeightSlots product(const std::string& slot, const std::string& path) const;
  /// Two slots, `slot` and `slot_bias` (`weight` and `bias` for a linear node).
  WeightSlots affine(const std::string& slot, const std::string& path) const;

  /// Appends a node; its name is a path. Returns the name that it got.
  std::string add(NodeSpec node);
  /// The path of the base model, with its dot.
  const std::string& base() const { return naming_.base; }
  /// Throws Error where a weight is stored with another shape; -1 stands for any size.
  void check_shape(const std::string& path, const Shape& expected) const;
  /// A table, whose stored shape must be `shape`.
  std::string embedding(const std::string& path, const std::string& input, const Shape& shape);
  /// A table of token vectors that are multiplied by `scale`.
  std::string scaled_embedding(const std::string& path, const Shape& shape, double scale);
  std::string position(const std::string& path, const std::string& input,
                       const std::string& encoding, const Attributes& attributes = {});
  /// A linear map with bias, `path.weight` and `path.bias`, and an activation after it.
  std::string linear(const std::string& name, const std::string& input, const std::string& path,
                     const std::string& activation = "identity");
  /// The first row of each sequence.
  std::string first(const std::string& name, const std::string& input);
  /// A LayerNorm with gain and bias.
  std::string layer_norm(const std::string& path, const std::string& input, double epsilon);
  /// A norm with a gain alone, to which `gain_offset` is added.
  std::string rms_norm(const std::string& path, const std::string& input, double epsilon,
                       double gain_offset = 0);
  std::string sum(const std::string& path, const std::string& left, const std::string& right);
  /// Rows of `input` that the caller asks for; the head follows.
  std::string requested(const std::string& path, const std::string& input);

  /// The matrix of logits by the paths that it may have, of which the one that is not read is
  /// harmless: `head_matrix`.
  WeightRef head_weight(const HeadMatrices& paths);
  /// Logits of requested rows.
  void lm_head(const LmHead& head, const std::string& input);

  /// Enters an encoding that nodes may refer to. A config's `locus.encoding` takes the place of
  /// `own`; its weights are those that are stored under `path.` by their scheme-local names, and
  /// the family's own where the scheme is in `known`.
  void encoding(const std::string& name, EncodingSpec own, const std::string& path,
                const std::map<std::string, WeightSlots>& known = {});

  /// Enters learned positions, whose table may stay unread where another encoding takes their
  /// place.
  void learned_encoding(const LearnedTable& learned);

  /// What results mean, by node path.
  void output(const std::string& name, const std::string& node) {
    graph_.spec.outputs[name] = node;
  }
  /// A regular expression of stored names that may stay unread.
  void ignore(std::string pattern) { graph_.harmless.push_back(std::move(pattern)); }
  /// One stored name that may stay unread.
  void ignore_name(const std::string& name);

  FamilyGraph finish() { return std::move(graph_); }

 private:
  std::string without_base(const std::string& path) const;
  std::string unshared(const std::string& path) const;

  const Config& config_;
  const Weights& weights_;
  Naming naming_;
  std::map<std::string, std::string> shared_;
  FamilyGraph graph_;
};

}  // namespace locus::families
