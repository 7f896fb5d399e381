#include "base/error.hpp"
#include "tools/cli/verbs/serve/serve.hpp"

namespace locus::cli {

void run_server(const ServeArguments&) {
  throw Error("serve", "a program built with cpp-httplib 0.11 (Debian: libcpp-httplib-dev)",
              "one without it");
}

}  // namespace locus::cli
