#include "tools/cli/support/output.hpp"

namespace locus::cli {

void print_json(const Json& document) {
  print(document.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace locus::cli
