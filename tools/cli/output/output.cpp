#include "tools/cli/output/output.hpp"

#include <cmath>

namespace locus::cli {

Json finite_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(); }

void print_json(const Json& document) {
  print(document.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace locus::cli
