#include "tests/server/served.hpp"

#include <doctest/doctest.h>

#include "tests/support/paths.hpp"

namespace locus::tests {
namespace {

Answer answer_of(const httplib::Result& result) {
  REQUIRE(result);
  return {result->status, result->body, result->get_header_value("Retry-After")};
}

}  // namespace

Served::Served(const std::vector<std::string>& models, ServerOptions options) {
  std::vector<ServedModel> served;
  for (const std::string& name : models) {
    const std::filesystem::path folder = folder_of(name);
    if (!std::filesystem::exists(folder)) model_with_tokenizer(folder_, name);
    served.push_back({name, [folder](const std::string& encoding) {
                        ModelOptions wanted;
                        wanted.encoding = encoding;
                        return Model::open(folder, wanted);
                      }});
  }
  options.port = 0;
  options.threads = 1;
  server_ = std::make_unique<Server>(std::move(served), options);
  thread_ = std::thread([this] { server_->run(); });
}

std::filesystem::path Served::folder_of(const std::string& model) const {
  const auto sentences = source_path("tests/goldens/sentences/" + model);
  return std::filesystem::exists(sentences) ? sentences : folder_.path() / model;
}

Served::~Served() {
  server_->drain();
  wait_for_end();
}

void Served::wait_for_end() {
  if (thread_.joinable()) thread_.join();
}

httplib::Client Served::client() const {
  httplib::Client client("127.0.0.1", port());
  client.set_read_timeout(60);
  return client;
}

Answer Served::post(const std::string& path, const json& body) const {
  return post_text(path, body.dump());
}

Answer Served::post_text(const std::string& path, const std::string& body) const {
  return answer_of(client().Post(path, body, "application/json"));
}

Answer Served::get(const std::string& path) const { return answer_of(client().Get(path)); }

double Served::metric(const std::string& name) const {
  const std::string text = "\n" + get("/metrics").text;
  const auto place = text.find("\n" + name + " ");
  return place == std::string::npos ? 0 : std::stod(text.substr(place + name.size() + 2));
}

Pipeline Served::pipeline(const std::string& model) const {
  PipelineOptions options;
  options.threads = 1;
  return Pipeline::open(folder_of(model).string(), options);
}

}  // namespace locus::tests
