// Norms of queries and keys.
#pragma once

#include <string_view>

#include "engine/layers/attention/heads.hpp"
#include "engine/layers/layer.hpp"

namespace locus::layers {

/// A norm of projected queries or keys, before they are rotated: of each head alone where its
/// gain is [d], of all heads at once where it is [heads d]. Absent where the node has no such gain:
/// Henry et al. 2020, section 3; Dehghani et al. 2023, section 3.2. Of the kind `unit` each head
/// has the length 1, queries the exponential of their head's logarithm `query_log_scale`:
/// Liu et al. 2022, Swin Transformer V2, section 3.2.
class HeadNorm {
 public:
  /// `slot`: `query_norm` or `key_norm`; what it gives is multiplied by `factor`.
  HeadNorm(const NodeReader& reader, std::string_view slot, const Heads& heads, float factor = 1);

  /// Where the rows lie, [rows, heads d].
  void apply(View rows, Run& run) const;

 private:
  void read_gains(const NodeReader& reader, std::string_view slot, const Heads& heads,
                  float factor);
  void read_unit(const NodeReader& reader, std::string_view slot, const Heads& heads, float factor);

  ops::NormKind kind_ = ops::NormKind::rms;
  int64_t width_ = 0;  // of what is normed at once: d or heads d
  Tensor gain_;        // [width], or [heads d] where each head has its own
  Tensor bias_;        // likewise, or empty
  float epsilon_ = 0;
};

}  // namespace locus::layers
