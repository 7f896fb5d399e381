// One client's connection as httplib reads and writes it, with an end to every wait.
#pragma once

#include <httplib.h>
#include <poll.h>

#include <chrono>
#include <span>
#include <string>
#include <string_view>

namespace locus::server {

using Clock = std::chrono::steady_clock;

/// How long a client may take, and how much it may say before its request begins.
struct ConnectionLimits {
  std::chrono::seconds idle{30};    ///< between requests
  std::chrono::seconds head{10};    ///< for a request's line and headers, all of them
  std::chrono::seconds body{60};    ///< for what follows them
  std::chrono::seconds write{30};   ///< until it takes a piece of a response, and for 1 MiB of it
  std::chrono::seconds drained{2};  ///< for the rest of a request when no more are wanted
};

/// Waits for one of the files, whatever signals come. What `poll` returns.
int poll_until(std::span<pollfd> files, Clock::time_point deadline);

/// httplib reads a request from here once it has arrived (see `Reception`): a client that sends a
/// byte a second, or headers without end, is no concern of httplib's.
class Connection final : public httplib::Stream {
 public:
  /// `drained`: a file that becomes readable when no more requests are wanted. Closes `socket`.
  Connection(int socket, int drained, const ConnectionLimits& limits = {});
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Takes what has arrived, without waiting. False where nothing more will come.
  bool receive();
  /// Tells a client that waits for it to send a request's body.
  void ask_for_body();
  /// What was taken and httplib has not read.
  std::string_view received() const { return std::string_view(received_).substr(read_); }
  /// The head of the request that it begins with, with the empty line at its end; nothing where
  /// there is none.
  std::string_view head() const;
  /// How long `read` waits for what has not been taken.
  void expect_rest_until(Clock::time_point deadline) { deadline_ = deadline; }
  /// The client is not waited for: it may lose what it has not read.
  void abandon() { lingers_ = false; }
  const ConnectionLimits& limits() const { return limits_; }
  /// Whether the client has neither gone nor said that it will say no more.
  bool alive() const;

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* bytes, size_t size) override;
  ssize_t write(const char* bytes, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  int socket() const override { return socket_; }

 private:
  bool wait_for_bytes(Clock::time_point deadline) const;
  bool wait_for_rest(Clock::time_point& deadline) const;

  int socket_;
  int drained_;
  ConnectionLimits limits_;
  std::string received_;
  size_t read_ = 0;  // bytes of it that httplib has read
  bool lingers_ = true;
  mutable Clock::time_point deadline_ = {};
};

}  // namespace locus::server
