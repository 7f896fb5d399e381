// One colour and dash for each model, the same in every chart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace locus::cli {

/// Colours that people with colour-blindness tell apart (Okabe and Ito 2008), chosen by the scheme
/// that a model's name holds; names without one share what is left.
std::string colour_of(std::string_view model);
std::vector<int> dash_of(std::string_view model);

}  // namespace locus::cli
