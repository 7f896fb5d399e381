// A session that continues sequences token by token.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/session.hpp"

namespace locus::generation {

class Decoder {
 public:
  using Prompts = std::span<const std::vector<int32_t>>;

  /// What becomes a sequence.
  struct Next {
    int64_t parent = -1;  ///< the sequence that it was; -1: it begins
    std::span<const int32_t> ids;
  };

  /// Of a causal model, without sequences yet.
  explicit Decoder(Session& session);
  /// Runs the prompts: a sequence for each.
  Decoder(Session& session, Prompts prompts, const std::optional<int32_t>& decoder_start);

  /// What may follow each sequence, [sequences, V]. Checked to be finite. Valid until `step`.
  ConstView logits();
  ConstView unchecked_logits();
  /// Sequence i becomes what sequence parents[i] was, followed by tokens[i].
  void step(std::span<const int64_t> parents, std::span<const int32_t> tokens);
  /// There are as many sequences as `next` has items.
  void advance(std::span<const Next> next);

 private:
  /// Continues the texts as `advance` continues sequences.
  void append(std::span<const Next> next);
  /// Makes cached sequences follow their parents.
  void follow(std::span<const Next> next);
  /// Whether a text is the first token longer than what its cached keys hold for.
  bool outgrows() const;

  Session& session_;
  int64_t sequences_ = 0;
  int64_t kept_until_;  // length beyond which cached keys are computed anew; 0: never
  std::vector<std::vector<int32_t>> texts_;  // ids of each sequence, where that may happen
};

bool is_finite(std::span<const float> values);

/// Whether the graph has an encoder besides its decoder.
bool is_encoder_decoder(const Graph& graph);

}  // namespace locus::generation
