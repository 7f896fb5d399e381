// The ids that configs give a meaning to.
#pragma once

#include "models/files/config.hpp"
#include "models/model.hpp"

namespace locus::files {

/// `generation` (generation_config.json) comes before `config`, which comes before `defaults`.
/// Defaults outside the vocabulary mean nothing: a small model that left its class's ids in place.
ModelIds read_special_ids(const Config& config, const Config& generation, const ModelIds& defaults,
                          int64_t vocabulary);

/// What a generation_config.json that is there says of the first and last id, alone: neither
/// config.json nor the class fills what it leaves out.
void take_forced_ids(const Config& generation, ModelIds& special);

/// An id of config.json alone, as a class reads it: the default of the model type's config class
/// where the key is absent.
std::optional<int32_t> config_id(const Config& config, std::string_view key,
                                 std::optional<int32_t> ModelIds::*fallback);

}  // namespace locus::files
