#include "models/families/parts/decoder_shift.hpp"

#include "models/files/special_ids.hpp"

namespace locus::families {
namespace {

Attributes shift_of(const std::string& kind, int64_t id) {
  return {{"shift", kind}, {"shift_id", id}};
}

}  // namespace

Attributes shift_after_start(const Config& config) {
  const auto start = files::config_id(config, "decoder_start_token_id", &ModelIds::decoder_start);
  if (!start) config.fail("decoder_start_token_id", "an id", "none");
  return shift_of("start", *start);
}

Attributes shift_after_last(const Config& config) {
  return shift_of("last", files::config_id(config, "pad_token_id", &ModelIds::pad).value_or(-1));
}

}  // namespace locus::families
