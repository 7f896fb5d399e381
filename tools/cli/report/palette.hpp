// One colour and dash for each encoding, the same in every chart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace locus::cli {

/// Colours that people with colour-blindness tell apart (Okabe and Ito 2008), by an encoding's
/// text; schemes that the table does not know share one.
std::string colour_of(std::string_view encoding);
std::vector<int> dash_of(std::string_view encoding);
/// The kind of an encoding, for charts in which kinds can be hidden: `none`, `added rows`,
/// `rotation`, `bias`, `relative vectors`, `other`.
std::string family_of(std::string_view encoding);

}  // namespace locus::cli
