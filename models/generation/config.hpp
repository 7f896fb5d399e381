// What generation_config.json says of how a model continues texts.
#pragma once

#include <span>
#include <string_view>

#include "models/files/config.hpp"
#include "models/generate.hpp"

namespace locus::generation {

/// The keys by which transformers' `generate` comes to other results: an older config.json has them
/// among its own.
std::span<const std::string_view> generation_keys();

/// The key whose major version says which `BeamRules` a folder's searches follow.
inline constexpr std::string_view version_key = "transformers_version";

/// Takes over what a config says, ids that are special to the model left out. Throws Error for a
/// value that would change the result and is not known here.
void read_generation_config(const Config& config, GenerationSettings& settings);

}  // namespace locus::generation
