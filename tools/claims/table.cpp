#include <array>

#include "tools/claims/measures.hpp"

namespace locus::cli::claims {

std::span<const Claim> all_claims() {
  static const std::array table{
      Claim{"order", "002", {"masked-none", "causal-none", "masked-roformer"}, measure_order},
      Claim{"range",
            "001",
            {"causal-learned", "causal-sinusoidal", "causal-rope", "causal-t5", "causal-alibi"},
            measure_range},
      Claim{"untrained-rows", "001", {"masked-bert-512"}, measure_untrained_rows, true},
      Claim{"text-length",
            "001",
            {"causal-learned", "causal-sinusoidal", "causal-rope", "causal-t5", "causal-alibi"},
            measure_text_lengths,
            true},
      Claim{"extension", "002, 003", {"causal-sinusoidal"}, measure_extension},
      Claim{"resolution", "002", {}, measure_resolution},
      Claim{"relative-position", "002", {}, measure_relative_position},
      Claim{"frequencies", "002", {}, measure_frequencies},
      Claim{"index-steps", "000", {}, measure_index_steps},
      Claim{"scales",
            "000",
            {"causal-sinusoidal", "causal-learned", "causal-weighted-mix"},
            measure_scales},
      Claim{"distance-alone", "000", {"causal-rope"}, measure_distance_alone},
      Claim{"doubled-exponent",
            "003",
            {"causal-sinusoidal", "causal-sinusoidal-doubled"},
            measure_doubled_exponent,
            true},
  };
  return table;
}

}  // namespace locus::cli::claims
