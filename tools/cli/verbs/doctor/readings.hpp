// Tables of what else a checkpoint may mean, for `locus doctor`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/graph_spec.hpp"

namespace locus::cli {

/// One other way to read the same weights: what it is called, and how it changes the graph. It
/// applies where it does change it.
struct OtherReading {
  std::string name;
  std::function<void(GraphSpec&)> revise;
};
using OtherReadings = std::vector<OtherReading>;

/// Other parameters of encodings, and encodings that read the same tables.
OtherReadings encoding_readings();
/// What an attention sees, and what its scores are multiplied by.
OtherReadings attention_readings();
/// The order of attention and feed-forward layers.
OtherReadings residual_readings();

/// Whether there is an encoder, and a decoder that reads it.
bool has_two_stacks(const GraphSpec& spec);

}  // namespace locus::cli
