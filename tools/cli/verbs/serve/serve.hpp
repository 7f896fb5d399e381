// `locus serve`: what it is told on the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/cli/arguments/common_options.hpp"

namespace locus::cli {

struct ServeArguments {
  CommonOptions common;             ///< of every model
  std::vector<std::string> models;  ///< `MODEL` or `NAME=MODEL`
  std::string host = "127.0.0.1";
  std::optional<std::string> api_key;
  int64_t port = 8080, queue = 256, connections = 128, encodings = 2;
  int64_t max_body = 8;        ///< MiB
  int64_t max_tokens = 65536;  ///< of a request
  double timeout = 300;        ///< seconds
};

/// Opens the models and serves them until a signal comes, and then what was asked before it.
/// Throws Error where this program was built without a server.
void run_server(const ServeArguments& arguments);

}  // namespace locus::cli
