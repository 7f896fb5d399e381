// A text that grows token by token.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.hpp"
#include "models/generate.hpp"

namespace locus::generation {

class Track {
 public:
  /// What a text is made by; both outlive it.
  struct Terms {
    std::span<const int32_t> source;  ///< what the encoder reads; of a causal model the prompt
    const GenerationSettings& settings;
  };
  /// Which text it is, for who listens; and which of its caller's prompts, on which its draws
  /// depend beside the seed, so that the others do not change them.
  struct Number {
    int64_t told = 0;
    int64_t drawn = 0;
  };

  /// `history`: what the text begins with.
  Track(const Terms& terms, Number number, std::vector<int32_t> history);

  /// Chooses what follows by its logits, and tells the listener. Whether the text goes on.
  bool grow(std::span<const float> logits);
  const int32_t& last() const { return result_.ids.back(); }
  /// All of it, once it does not go on.
  Generated take();
  /// Its tokens until now, where nobody wants more.
  Generated stop();

 private:
  int32_t choose(std::span<const float> logits);
  bool goes_on(int32_t token);

  Terms terms_;
  Number number_;
  std::vector<int32_t> history_;
  Random random_;
  Generated result_;
  std::vector<float> values_;  // [V], what rules make of logits
};

}  // namespace locus::generation
