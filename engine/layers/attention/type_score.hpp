// What scores say of the types of two tokens.
#pragma once

#include "engine/layers/attention/heads.hpp"
#include "engine/layers/layer.hpp"

namespace locus::layers {

/// Adds (q + scale u) . t to a score, where t is one vector for pairs of one type and another for
/// pairs of two: Yang et al. 2019, XLNet, section 2.5. Absent where the node has no such vectors.
class TypeScore {
 public:
  /// Weights `type_keys` [2, H d], of one type first, and `type_bias` [H d], u.
  TypeScore(const NodeReader& reader, const Heads& heads);

  bool any() const { return !keys_.empty(); }

  struct Types {
    std::span<const int32_t> queries, keys;
  };
  /// s: [Tq, Tk], q: [Tq, d] of one head.
  void add(View s, ConstView q, int64_t head, const Types& types) const;

 private:
  Tensor keys_;  // [2, H d]
  Tensor bias_;  // scale u . t, [2, H]
};

}  // namespace locus::layers
