// Weights within a larger JSON document.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/json/json.hpp"
#include "engine/weights.hpp"

namespace locus::weights {

Weights read_json_weights(const detail::JsonPlace& place);
/// Gives `write` the text in parts: one tensor a line; every line but the first begins with
/// `margin`.
void write_json_weights(const Weights& weights, std::span<const std::string> names,
                        std::string_view margin,
                        const std::function<void(std::string_view)>& write);

}  // namespace locus::weights
