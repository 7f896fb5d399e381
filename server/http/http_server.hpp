// httplib's server with our own reading of connections, and a way to end that cuts no answer short.
#pragma once

#include <httplib.h>

#include <functional>
#include <string>

#include "server/http/connection.hpp"

namespace locus::server {

/// In a handler `request.progress(0, 0)` says whether the client still waits.
class HttpServer final : public httplib::Server {
 public:
  explicit HttpServer(size_t connections);
  ~HttpServer() override;

  /// Listens; the port. Throws Error where it cannot be had.
  int open_port(const std::string& host, int port);
  /// Answers until `drain`, and what was being answered then.
  void run();
  void drain() noexcept;
  bool drained() const noexcept;

 private:
  bool process_and_close_socket(socket_t socket) override;
  static bool is_framed(Connection& connection);
  bool answer(Connection& connection);

  int drained_;  // an event that many wait for
};

}  // namespace locus::server
