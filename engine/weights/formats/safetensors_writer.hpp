// Writing tensors one at a time.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "engine/weights.hpp"

namespace locus {

/// Writes the tensors `names` (sorted) of a collection; one is in memory at a time. Throws Error
/// that names the file, or the tensor whose values do not fit the type.
void write_safetensors(const std::filesystem::path& file, const Weights& weights,
                       std::span<const std::string> names, const SafetensorsOptions& options);

}  // namespace locus
