// Parts of a graph within a larger JSON document.
#pragma once

#include "base/json/json.hpp"
#include "engine/graph_spec.hpp"

namespace locus::graph {

nlohmann::ordered_json write_graph_spec(const GraphSpec& spec);
GraphSpec read_graph_spec(const detail::JsonPlace& place, std::span<const Scheme> own = {});

/// A plain name, or `{"name": "c_attn.weight", "steps": [{"permute": [1, 0]},
/// {"slice": [0, 0, 768]}, {"reshape": [12, -1]}, {"concatenate": {"axis": 0, "others": [...]}}]}`.
nlohmann::ordered_json write_weight_ref(const WeightRef& ref);
WeightRef read_weight_ref(const detail::JsonPlace& place);

}  // namespace locus::graph
