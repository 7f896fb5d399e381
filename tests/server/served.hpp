// A server of tiny models in this process, and clients of it.
#pragma once

#include <httplib.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "base/json/values.hpp"
#include "pipelines/pipeline.hpp"
#include "server/server.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::tests {

using nlohmann::json;

/// What a route answered.
struct Answer {
  int status = 0;
  std::string text;
  std::string retry_after = {};

  json document() const { return json::parse(text); }
  std::string message() const { return document().at("error").at("message"); }
  json code() const { return document().at("error").at("code"); }
};

/// Serves golden models, each with a tokenizer of letters, or golden folders of
/// sentence-transformers, on a free port until it is destroyed.
class Served {
 public:
  explicit Served(const std::vector<std::string>& models, ServerOptions options = {});
  ~Served();

  int port() const { return server_->port(); }
  Server& server() { return *server_; }
  httplib::Client client() const;
  Answer post(const std::string& path, const json& body) const;
  Answer post_text(const std::string& path, const std::string& body) const;
  Answer get(const std::string& path) const;
  /// A number of /metrics by its name and labels.
  double metric(const std::string& name) const;
  /// The same model, called directly.
  Pipeline pipeline(const std::string& model) const;
  /// Waits until `run` has returned, after a drain.
  void wait_for_end();

 private:
  std::filesystem::path folder_of(const std::string& model) const;

  TemporaryFolder folder_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

}  // namespace locus::tests
