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

  /// Runs the prompts: a sequence for each.
  Decoder(Session& session, Prompts prompts, const std::optional<int32_t>& decoder_start);

  /// What may follow each sequence, [sequences, V]. Checked to be finite. Valid until `step`.
  ConstView logits();
  /// Sequence i becomes what sequence parents[i] was, followed by tokens[i].
  void step(std::span<const int64_t> parents, std::span<const int32_t> tokens);

 private:
  /// Continues the texts as `step` continues sequences.
  void append(std::span<const int64_t> parents, std::span<const int32_t> tokens);
  /// Whether a text is the first token longer than what its cached keys hold for.
  bool outgrows() const;

  Session& session_;
  int64_t sequences_;
  int64_t kept_until_;  // length beyond which cached keys are computed anew; 0: never
  std::vector<std::vector<int32_t>> texts_;  // ids of each sequence, where that may happen
};

/// Whether the graph has an encoder besides its decoder.
bool is_encoder_decoder(const Graph& graph);

}  // namespace locus::generation
