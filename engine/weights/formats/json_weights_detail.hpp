// Weights within a larger JSON document.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/json/json.hpp"
#include "engine/weights.hpp"

namespace locus::weights {

Weights read_json_weights(const detail::JsonPlace& place);
/// One tensor a line; every line but the first begins with `margin`.
std::string write_json_weights(const Weights& weights, std::span<const std::string> names,
                               std::string_view margin);

}  // namespace locus::weights
