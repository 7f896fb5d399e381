#include "tools/cli/verbs/serve/serve.hpp"

#include <cstdlib>

#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

void add_limits(Arguments& arguments, ServeArguments& options) {
  arguments.option("--queue", &options.queue,
                   {"N", "requests that wait for a model; more get 429", Range{1, 1e6}});
  arguments.option("--connections", &options.connections,
                   {"N", "clients that are served at a time", Range{1, 4096}});
  arguments.option("--max-body", &options.max_body, {"MIB", "of a request", Range{1, 1024}});
  arguments.option("--max-tokens", &options.max_tokens,
                   {"N", "tokens of a request, read and written", Range{1, 1 << 24}});
  arguments.option("--timeout", &options.timeout,
                   {"SECONDS", "after which a request is given up", Range{0.001, 86400}});
  arguments.option(
      "--encodings", &options.encodings,
      {"N", "other encodings of a model, asked for by requests, that stay open", Range{0, 64}});
}

}  // namespace

Action add_serve(Arguments& arguments) {
  const auto options = std::make_shared<ServeArguments>();
  arguments.positional("MODEL", &options->models,
                       "models by folder, locus.json file or name, or as NAME=MODEL");
  add_common(arguments, options->common);
  arguments.option("--host", &options->host,
                   {"ADDRESS", "to listen on; 0.0.0.0 for other machines"});
  arguments.option("--port", &options->port, {"N", "to listen on; 0: a free one", Range{0, 65535}});
  arguments.option("--api-key", &options->api_key,
                   {"KEY", "that requests must bring (default: LOCUS_API_KEY, if set)"});
  add_limits(arguments, *options);
  arguments.example("locus serve causal-rope masked-rope --port 8080");
  return [options] {
    if (options->models.empty()) throw UsageError("expected at least one MODEL");
    const char* key = std::getenv("LOCUS_API_KEY");
    if (!options->api_key && key) options->api_key = key;
    run_server(*options);
  };
}

}  // namespace locus::cli
