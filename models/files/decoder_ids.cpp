#include "models/model.hpp"
#include "models/shifted_text.hpp"

namespace locus {

bool has_decoder(const Model& model) {
  return model.spec().outputs.contains("encoder_last_hidden_state");
}

std::vector<int32_t> default_decoder_ids(const Model& model, std::span<const int32_t> ids) {
  if (!has_decoder(model)) return {};
  std::vector<int32_t> shifted = shifted_ids(model.spec(), ids);
  if (!shifted.empty()) return shifted;
  const auto& start = model.special().decoder_start;
  return start ? std::vector{*start} : std::vector<int32_t>{};
}

}  // namespace locus
