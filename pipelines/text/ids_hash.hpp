// Which tokens texts have become.
#pragma once

#include <span>
#include <string>

#include "pipelines/documents.hpp"

namespace locus::pipelines {

/// SHA-256 of all ids, as they lie in memory: equal where the tokens are. `check` is called every
/// few milliseconds; it throws to give up.
std::string sha256_of_ids(std::span<const Text> texts, const CancelCheck& check);

}  // namespace locus::pipelines
