// What there is to see of an encoding.
#pragma once

#include <optional>

#include "pipelines/encoding_view.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/verbs/position/indicators.hpp"

namespace locus::cli {

/// An encoding, its matrices and what they come to.
struct PositionView : EncodingMatrices {
  PositionSubject subject;
  std::optional<PositionIndicators> indicators;
};

PositionView look_at(PositionSubject subject);
Json to_json(const PositionView& view);

}  // namespace locus::cli
