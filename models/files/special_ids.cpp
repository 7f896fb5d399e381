#include "models/files/special_ids.hpp"

#include "models/families/family.hpp"

namespace locus::files {
namespace {

class IdReader {
 public:
  IdReader(const Config& config, const Config& generation, int64_t vocabulary)
      : config_(config), generation_(generation), vocabulary_(vocabulary) {}

  std::vector<int32_t> ids(std::string_view key, const std::vector<int32_t>& fallback) const {
    for (const Config* source : {&generation_, &config_}) {
      if (source->has(key)) return source->ids(key);
    }
    if (config_.is_null(key)) return {};  // the class has a default, the model has none
    std::vector<int32_t> known;
    for (int32_t id : fallback) {
      if (id < vocabulary_) known.push_back(id);
    }
    return known;
  }

  std::optional<int32_t> id(std::string_view key, std::optional<int32_t> fallback) const {
    const std::vector<int32_t> found =
        ids(key, fallback ? std::vector<int32_t>{*fallback} : std::vector<int32_t>{});
    return found.empty() ? std::nullopt : std::optional(found.front());
  }

 private:
  const Config& config_;
  const Config& generation_;
  int64_t vocabulary_;
};

}  // namespace

ModelIds read_special_ids(const Config& config, const Config& generation, const ModelIds& defaults,
                          int64_t vocabulary) {
  const IdReader reader(config, generation, vocabulary);
  ModelIds special;
  special.bos = reader.id("bos_token_id", defaults.bos);
  special.eos = reader.id("eos_token_id", defaults.eos);
  special.pad = reader.id("pad_token_id", defaults.pad);
  special.all_eos = reader.ids("eos_token_id", defaults.all_eos);
  // Only the class of an encoder-decoder has a default; a locus.json has no class.
  const bool pads = defaults.decoder_start && defaults.decoder_start == defaults.pad;
  special.decoder_start =
      reader.id("decoder_start_token_id", pads ? special.pad : defaults.decoder_start);
  // Before transformers 4.11 BART's configs said it so.
  const bool begins = config.boolean("force_bos_token_to_be_generated", false);
  special.forced_bos = reader.id("forced_bos_token_id", begins ? special.bos : defaults.forced_bos);
  special.forced_eos = reader.id("forced_eos_token_id", defaults.forced_eos);
  special.suppressed = reader.ids("suppress_tokens", {});
  return special;
}

void take_forced_ids(const Config& generation, ModelIds& special) {
  const auto first = [&](std::string_view key) {
    const std::vector<int32_t> ids = generation.ids(key);
    return ids.empty() ? std::nullopt : std::optional(ids.front());
  };
  special.forced_bos = first("forced_bos_token_id");
  special.forced_eos = first("forced_eos_token_id");
}

std::optional<int32_t> config_id(const Config& config, std::string_view key,
                                 std::optional<int32_t> ModelIds::*fallback) {
  if (config.is_null(key)) return std::nullopt;
  if (!config.has(key)) return families::find_family(config).special.*fallback;
  const std::vector<int32_t> ids = config.ids(key);
  return ids.empty() ? std::nullopt : std::optional(ids.front());
}

}  // namespace locus::files
