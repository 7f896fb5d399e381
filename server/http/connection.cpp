#include "server/http/connection.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "server/http/framing.hpp"

namespace locus::server {
namespace {

int milliseconds_until(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<int64_t>(left, 0, 1 << 30));
}

using NameOf = int (*)(int, sockaddr*, socklen_t*);

void read_address(int socket, NameOf name_of, std::string& ip, int& port) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (name_of(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(address);
    inet_ntop(AF_INET, &four.sin_addr, text.data(), text.size());
    port = ntohs(four.sin_port);
  } else if (address.ss_family == AF_INET6) {
    const auto& six = reinterpret_cast<const sockaddr_in6&>(address);
    inet_ntop(AF_INET6, &six.sin6_addr, text.data(), text.size());
    port = ntohs(six.sin6_port);
  }
  ip = text.data();
}

}  // namespace

int poll_until(std::span<pollfd> files, Clock::time_point deadline) {
  for (;;) {
    const int ready = poll(files.data(), files.size(), milliseconds_until(deadline));
    if (ready >= 0 || errno != EINTR) return ready;
  }
}

Connection::Connection(int socket, int drained, const ConnectionLimits& limits)
    : socket_(socket), drained_(drained), limits_(limits) {
  const int yes = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
}

// What the client still sends is read for a moment: a socket that is closed with unread bytes
// resets the connection, and the client may lose the response.
Connection::~Connection() {
  shutdown(socket_, SHUT_WR);
  const auto deadline = Clock::now() + std::chrono::milliseconds(200);
  std::array<char, 16384> bytes;
  while (lingers_ && wait_for_bytes(deadline) &&
         recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
  }
  close(socket_);
}

bool Connection::wait_for_bytes(Clock::time_point deadline) const {
  std::array files{pollfd{socket_, POLLIN, 0}};
  return poll_until(files, deadline) > 0;
}

/// Waits for more of a request that has begun to arrive.
bool Connection::wait_for_rest(Clock::time_point& deadline) const {
  std::array files{pollfd{socket_, POLLIN, 0}, pollfd{drained_, POLLIN, 0}};
  if (poll_until(files, deadline) <= 0) return false;
  if (files[0].revents != 0) return true;
  deadline = std::min(deadline, Clock::now() + limits_.drained);
  return wait_for_bytes(deadline);
}

bool Connection::receive() {
  received_.erase(0, read_);  // the next request may have come with the last one
  read_ = 0;
  std::array<char, 65536> bytes;
  const ssize_t count = recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (count < 0) return errno == EAGAIN || errno == EINTR;
  received_.append(bytes.data(), static_cast<size_t>(count));
  return count > 0;
}

void Connection::ask_for_body() {
  constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
  // One whose buffer is full has not read what it was sent before, and is not waiting for this.
  if (send(socket_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0) return;
}

std::string_view Connection::head() const {
  const auto end = received().find(head_end);
  return end == std::string_view::npos ? "" : received().substr(0, end + head_end.size());
}

bool Connection::alive() const {
  std::array files{pollfd{socket_, POLLIN | POLLRDHUP, 0}};
  if (poll(files.data(), files.size(), 0) <= 0) return true;
  return (files[0].revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0;
}

bool Connection::is_readable() const { return !received_.empty() || wait_for_rest(deadline_); }

bool Connection::is_writable() const {
  std::array files{pollfd{socket_, POLLOUT, 0}};
  return poll_until(files, Clock::now() + limits_.write) > 0 && alive();
}

ssize_t Connection::read(char* bytes, size_t size) {
  if (received_.empty()) {
    if (!wait_for_rest(deadline_)) return -1;
    return recv(socket_, bytes, size, MSG_DONTWAIT);
  }
  const size_t count = std::min(size, received_.size() - read_);
  std::memcpy(bytes, received_.data() + read_, count);
  read_ += count;
  if (read_ == received_.size()) {
    received_.clear();
    read_ = 0;
  }
  return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char* bytes, size_t size) {
  const auto deadline = Clock::now() + limits_.write * (1 + static_cast<int64_t>(size >> 20));
  size_t written = 0;
  while (written < size) {
    std::array files{pollfd{socket_, POLLOUT, 0}};
    if (poll_until(files, deadline) <= 0) return -1;
    const ssize_t count =
        send(socket_, bytes + written, size - written, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (count <= 0) return -1;
    written += static_cast<size_t>(count);
  }
  return static_cast<ssize_t>(size);
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  read_address(
      socket_, [](int s, sockaddr* a, socklen_t* n) { return getpeername(s, a, n); }, ip, port);
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
  read_address(
      socket_, [](int s, sockaddr* a, socklen_t* n) { return getsockname(s, a, n); }, ip, port);
}

}  // namespace locus::server
