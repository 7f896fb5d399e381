// httplib's server with our own reading of connections, and a way to end that cuts no answer short.
#pragma once

#include <httplib.h>

#include <memory>
#include <string>

#include "server/http/pool.hpp"
#include "server/http/reception.hpp"

namespace locus::server {

struct HttpRules {
  size_t requests = 128;  ///< that are answered at a time, each by a thread
  IncomingRules incoming;
};

/// In a handler `request.progress(0, 0)` says whether the client still waits.
class HttpServer final : public httplib::Server {
 public:
  explicit HttpServer(const HttpRules& rules);
  ~HttpServer() override;

  /// Listens; the port. Throws Error where it cannot be had.
  int open_port(const std::string& host, int port);
  /// Answers until `drain`, and what was being answered then.
  void run();
  void drain() noexcept;
  bool drained() const noexcept;

 private:
  bool process_and_close_socket(socket_t socket) override;
  void hand_over(std::shared_ptr<Connection> connection);
  void serve(const std::shared_ptr<Connection>& connection);
  static bool is_framed(Connection& connection);
  bool answer(Connection& connection);
  void finish();

  int drained_;  // an event that many wait for
  IncomingRules incoming_;
  Pool workers_;
  Pool attendants_;  // of requests without a body, which no model answers
  Reception reception_;
};

}  // namespace locus::server
