// What else a checkpoint's author may have meant.
#pragma once

#include <string>
#include <vector>

#include "engine/attributes.hpp"

namespace locus::cli {

/// Values of a scheme's parameter that are worth a try.
struct Alternatives {
  std::string scheme;
  std::string parameter;
  std::vector<Attribute> values;
};

/// Those by which published code differs: layouts, exponents, starts, pairings, forms.
const std::vector<Alternatives>& alternatives();

}  // namespace locus::cli
