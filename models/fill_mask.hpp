// What a masked model puts into the gaps of a text.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../engine/session.hpp"

namespace locus {

struct Candidate {
  int32_t id = 0;
  double probability = 0;
};

/// One mask of a text.
struct FilledMask {
  int64_t position = 0;               ///< in the ids
  std::vector<Candidate> candidates;  ///< most probable first; of equal ones the lower id
};

struct FillMaskSettings {
  int32_t mask = 0;  ///< id of the mask token
  int64_t top = 5;   ///< candidates for each mask
};

/// The most probable tokens for every mask in `sequence` (special tokens included), each with the
/// other masks left as they are. Throws Error when there is no mask and for logits that are not
/// finite.
std::vector<FilledMask> fill_mask(Session& session, const Sequence& sequence,
                                  const FillMaskSettings& settings);

}  // namespace locus
