// What there is to see of encodings, as a page that needs no network.
#pragma once

#include <string>
#include <vector>

#include "tools/cli/verbs/position/measure.hpp"
#include "tools/cli/verbs/position/view.hpp"

namespace locus::cli {

/// Heatmaps, inner products, decay and bias against distance, with the numbers behind them. A
/// matrix with more rows or columns than a screen can show is drawn by every k-th of them.
/// `measure` says more of a model that read a text; null where there was none.
std::string position_page(const std::vector<PositionView>& views, const PositionMeasure* measure);

}  // namespace locus::cli
