// Models behind HTTP: what `locus serve` runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "../models/model.hpp"

namespace locus {

/// A model by the name that requests call it.
struct ServedModel {
  std::string name;
  /// Opens it, with another encoding than its own where the text is not empty. Called once when the
  /// server starts, and from any thread for each other encoding that a request asks for.
  std::function<std::shared_ptr<const Model>(const std::string& encoding)> open;
  std::filesystem::path folder = {};  ///< where sentence-transformers' files lie, if elsewhere
};

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 8080;      ///< 0: any that is free
  std::string api_key;  ///< empty: none is asked for
  int threads = 0;      ///< of each model; 0: the machine's physical cores
  int64_t connections = 128;
  int64_t queue = 256;         ///< requests that wait for a model; more are refused (429)
  int64_t max_body = 8 << 20;  ///< bytes
  int64_t max_tokens = 65536;  ///< of one request's prompts and texts
  double timeout = 300;        ///< seconds from a request's arrival until it is given up
  int64_t encodings = 2;       ///< other encodings of a model that are kept open; 0: none
};

/// Opens models and answers requests until it is drained. docs/server.md lists the routes.
class Server {
 public:
  /// Throws Error where a model does not open, two have one name, or the port cannot be had.
  Server(std::vector<ServedModel> models, const ServerOptions& options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const;
  /// Answers until `drain`, and then whatever has been asked until then.
  void run();
  /// Takes no more requests. From any thread, at any time.
  void drain() noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace locus
