// What specifications in Vega's language share.
#pragma once

#include <string>

#include "tools/cli/output/output.hpp"

namespace locus::cli {

/// A value of a mark: a column of the data through a scale.
inline Json field(const std::string& scale, const std::string& name) {
  return {{"scale", scale}, {"field", name}};
}

/// The parts of a specification in a frame of so many pixels; the page sets the width.
inline Json framed(int height, Json parts) {
  parts["height"] = height;
  parts["padding"] = 5;
  parts["autosize"] = {{"type", "fit"}, {"contains", "padding"}};
  return parts;
}

}  // namespace locus::cli
