#include "server/server.hpp"

#include "base/error.hpp"
#include "server/api/refusal.hpp"
#include "server/http/guard.hpp"
#include "server/http/http_server.hpp"
#include "server/routes/routes.hpp"

namespace locus {
namespace {

using namespace server;

ServerOptions checked(const ServerOptions& options) {
  const auto expect = [](bool holds, const char* who, int64_t found) {
    if (!holds) throw Error(who, "at least 1", std::to_string(found));
  };
  if (options.host.empty()) throw Error("host", "an address", "none");
  expect(options.connections >= 1, "connections", options.connections);
  expect(options.queue >= 1, "queue", options.queue);
  expect(options.max_body >= 1, "max body", options.max_body);
  expect(options.max_tokens >= 1, "max tokens", options.max_tokens);
  return options;
}

void send(const Reply& reply, httplib::Response& response) {
  response.status = reply.status;
  if (reply.retry_after > 0) {
    response.set_header("Retry-After", std::to_string(reply.retry_after));
  }
  if (!reply.pieces) return response.set_content(reply.text, reply.type);
  response.set_chunked_content_provider(
      reply.type, [pieces = reply.pieces](size_t, httplib::DataSink& sink) {
        pieces([&](std::string_view piece) { return sink.write(piece.data(), piece.size()); });
        sink.done();
        return true;
      });
}

}  // namespace

struct Server::State {
  State(std::vector<ServedModel> models, const ServerOptions& wanted)
      : options(checked(wanted)),
        catalogue(std::move(models), options, metrics),
        service{catalogue, metrics, options, [this] { return http.drained(); }},
        guard(options.api_key, options.host),
        http(http_rules()) {
    add_routes();
    port = http.open_port(options.host, options.port);
  }

  HttpRules http_rules() {
    HttpRules rules{static_cast<size_t>(options.connections), {}};
    rules.incoming.body_bytes = static_cast<size_t>(options.max_body);
    rules.incoming.refuses = [this](const Head& head) {
      return refusal_of_head(request_of(head)).has_value();
    };
    return rules;
  }

  /// Of what needs no body to be refused.
  std::optional<Refusal> refusal_of_head(const httplib::Request& request) const {
    if (auto refusal = guard.refuse(request)) return refusal;
    const auto length = request.get_header_value<uint64_t>("Content-Length");
    if (length > static_cast<uint64_t>(options.max_body)) return too_long();
    return std::nullopt;
  }

  Refusal too_long() const {
    const std::string longest = std::to_string(options.max_body);
    return {413, "body_too_large", "body: expected at most " + longest + " bytes, found more"};
  }

  void add_routes() {
    http.set_pre_routing_handler([this](const auto& request, auto& response) {
      return refuse(request, response) ? httplib::Server::HandlerResponse::Handled
                                       : httplib::Server::HandlerResponse::Unhandled;
    });
    for (const Route& route : routes()) {
      const std::string path(route.path);
      if (route.method == "GET") {
        http.Get(path,
                 [this, &route](const httplib::Request& request, httplib::Response& response) {
                   answer(route, request, response, "");
                 });
      } else {
        http.Post(path, [this, &route](const httplib::Request& request, httplib::Response& response,
                                       const httplib::ContentReader& read) {
          answer_body(route, request, response, read);
        });
      }
    }
  }

  /// Where the body was not read, the connection ends: it would be taken for the next request.
  bool refuse(const httplib::Request& request, httplib::Response& response) {
    const auto refusal = refusal_of_head(request);
    if (!refusal) return false;
    send(reply_of(*refusal), response);
    response.set_header("Connection", "close");
    if (refusal->status == 401) response.set_header("WWW-Authenticate", "Bearer");
    metrics.count_request("other", refusal->status, 0);
    return true;
  }

  void answer_body(const Route& route, const httplib::Request& request, httplib::Response& response,
                   const httplib::ContentReader& read) {
    std::string body;
    const auto longest = static_cast<size_t>(options.max_body);
    bool long_body = false;
    const bool whole = read([&](const char* bytes, size_t size) {
      long_body = body.size() + size > longest;
      if (!long_body) body.append(bytes, size);
      return !long_body;
    });
    if (whole) return answer(route, request, response, body);
    const Refusal refusal =
        long_body ? too_long() : Refusal{400, "", "body: expected all of its bytes, found fewer"};
    send(reply_of(refusal), response);
    response.set_header("Connection", "close");
    metrics.count_request(std::string(route.path), refusal.status, 0);
  }

  void answer(const Route& route, const httplib::Request& request, httplib::Response& response,
              const std::string& body) {
    const auto start = server::Clock::now();
    Reply reply;
    try {
      Call call;
      call.alive = [&request] { return request.progress(0, 0); };
      call.deadline = start + std::chrono::duration_cast<server::Clock::duration>(
                                  std::chrono::duration<double>(options.timeout));
      if (route.method == "POST") call.body = detail::parse_json("body", body, {32, 1 << 20});
      if (route.method == "POST") call.fields().members();  // an object
      reply = route.answer(service, call);
    } catch (...) {
      reply = reply_of(std::current_exception());
    }
    send(reply, response);
    const std::chrono::duration<double> seconds = server::Clock::now() - start;
    metrics.count_request(std::string(route.path), reply.status, seconds.count());
  }

  ServerOptions options;
  Metrics metrics;
  Catalogue catalogue;
  Service service;
  Guard guard;
  HttpServer http;
  int port = 0;
};

Server::Server(std::vector<ServedModel> models, const ServerOptions& options)
    : state_(std::make_unique<State>(std::move(models), options)) {}
Server::~Server() = default;

int Server::port() const { return state_->port; }
void Server::run() { state_->http.run(); }
void Server::drain() noexcept { state_->http.drain(); }

}  // namespace locus
