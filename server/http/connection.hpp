// One client's connection as httplib reads and writes it, with an end to every wait.
#pragma once

#include <httplib.h>

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
  std::chrono::seconds write{30};   ///< until it takes the next piece of a response
  std::chrono::seconds drained{2};  ///< for the rest of a request when no more are wanted
  size_t head_bytes = 32 << 10;
};

/// httplib reads a request's head from here once all of it has arrived: a client that sends a byte
/// a second, or headers without end, is no concern of httplib's.
class Connection final : public httplib::Stream {
 public:
  /// `drained`: a file that becomes readable when no more requests are wanted. Closes `socket`.
  Connection(int socket, int drained, const ConnectionLimits& limits = {});
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Waits for the next request's head. False where none will come.
  bool next_request();
  /// Whether none will come because the last head had no end.
  bool head_too_long() const { return head_too_long_; }
  const ConnectionLimits& limits() const { return limits_; }
  /// That head, with the empty line at its end, until something of it is read.
  std::string_view head() const;
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
  bool wait_for_bytes(Clock::time_point deadline, bool until_drained) const;
  bool wait_for_rest(Clock::time_point& deadline) const;
  bool receive_head();

  int socket_;
  int drained_;
  ConnectionLimits limits_;
  std::string received_;
  bool head_too_long_ = false;
  size_t read_ = 0;  // bytes of it that httplib has read
  mutable Clock::time_point deadline_ = {};
};

}  // namespace locus::server
