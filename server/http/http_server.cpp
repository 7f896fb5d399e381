#include "server/http/http_server.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "server/api/refusal.hpp"

namespace locus::server {
namespace {

// httplib's own choice lets a second server share the port in silence.
void reuse_address(socket_t socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

/// Of the statuses that no route answers with.
std::string phrase_of(int status) {
  if (status == 414) return "URI Too Long";
  return status == 431 ? "Request Header Fields Too Large" : "Bad Request";
}

/// Of a request that httplib does not see, and the connection's last.
void refuse(Connection& connection, const Refusal& refusal) {
  const Reply reply = reply_of(refusal);
  const std::string response =
      "HTTP/1.1 " + std::to_string(reply.status) + " " + phrase_of(reply.status) +
      "\r\nConnection: close\r\nContent-Type: " + reply.type +
      "\r\nContent-Length: " + std::to_string(reply.text.size()) + "\r\n\r\n" + reply.text;
  connection.write(response.data(), response.size());
}

/// httplib refuses some requests by itself, and says nothing but the status.
void say_why(const httplib::Request&, httplib::Response& response) {
  if (!response.body.empty()) return;
  const std::string why = phrase_of(response.status);
  const Refusal refusal{response.status, "", Error("request", "HTTP as of RFC 9110", why).what()};
  response.set_content(reply_of(refusal).text, "application/json");
}

/// Where httplib leaves the connections that it has accepted, which nobody waits for.
class Door final : public httplib::TaskQueue {
 public:
  explicit Door(std::function<void()> close) : close_(std::move(close)) {}
  void enqueue(std::function<void()> enter) override { enter(); }
  void shutdown() override { close_(); }

 private:
  std::function<void()> close_;
};

constexpr size_t attendants = 8;  // threads

/// As many as wait are open files, of which the process may not have so many.
ReceptionLimits room(size_t requests) {
  ReceptionLimits limits;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    const auto half = static_cast<size_t>(files.rlim_cur / 2);
    limits.connections =
        std::clamp(half - std::min(half, requests), size_t{16}, limits.connections);
  }
  return limits;
}

}  // namespace

HttpServer::HttpServer(const HttpRules& rules)
    : drained_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      incoming_(rules.incoming),
      workers_(rules.requests),
      attendants_(attendants),
      reception_(
          drained_, rules.incoming, room(rules.requests),
          [this](std::shared_ptr<Connection> connection) { hand_over(std::move(connection)); }) {
  if (drained_ < 0) throw locus::Error("server", "an event", std::strerror(errno));
  new_task_queue = [this] { return new Door([this] { finish(); }); };
  set_socket_options(reuse_address);
  set_tcp_nodelay(true);
  set_keep_alive_timeout(ConnectionLimits().idle.count());  // what responses say of it
  set_keep_alive_max_count(1 << 20);
  set_error_handler(say_why);
  set_post_routing_handler([](const httplib::Request& request, httplib::Response& response) {
    if (request.response_handler) request.response_handler(response);
  });
}

HttpServer::~HttpServer() {
  finish();
  close(drained_);
}

void HttpServer::finish() {
  reception_.finish();
  workers_.finish();
  attendants_.finish();
}

int HttpServer::open_port(const std::string& host, int port) {
  errno = 0;
  const int found = port == 0 ? bind_to_any_port(host) : bind_to_port(host, port) ? port : -1;
  if (found <= 0) {
    throw locus::Error("port " + std::to_string(port) + " of " + host, "a free one",
                       errno != 0 ? std::strerror(errno) : "no such host");
  }
  ::listen(svr_sock_, SOMAXCONN);  // httplib lets five clients wait
  return found;
}

void HttpServer::run() { listen_after_bind(); }

// The socket is shut down and not forgotten, as httplib's `stop` does it: that would end streams.
void HttpServer::drain() noexcept {
  const uint64_t one = 1;
  if (::write(drained_, &one, sizeof(one)) < 0) return;  // cannot be: it counts up to 2^64
  ::shutdown(svr_sock_, SHUT_RDWR);
}

bool HttpServer::drained() const noexcept {
  pollfd file{drained_, POLLIN, 0};
  return poll(&file, 1, 0) > 0;
}

bool HttpServer::process_and_close_socket(socket_t socket) {
  reception_.enter(std::make_shared<Connection>(socket, drained_));
  return true;
}

/// What no model answers is answered while all models are busy.
void HttpServer::hand_over(std::shared_ptr<Connection> connection) {
  const Head head = read_head(connection->head());
  Pool& pool = head.method == "GET" || head.method == "HEAD" ? attendants_ : workers_;
  pool.add([this, connection = std::move(connection)] { serve(connection); });
}

void HttpServer::serve(const std::shared_ptr<Connection>& connection) {
  const size_t head = connection->head().size();
  if (head == 0 || head > incoming_.head_bytes + head_end.size()) {
    const std::string bytes = std::to_string(incoming_.head_bytes);
    return refuse(*connection, {431, "", "head: expected at most " + bytes + " bytes, found more"});
  }
  const bool more = is_framed(*connection) && answer(*connection);
  if (more) reception_.enter(connection);
}

/// Whether it is clear where the request ends; one of which it is not is refused, and is the last.
bool HttpServer::is_framed(Connection& connection) {
  const Head head = read_head(connection.head());
  if (!head.fault.empty()) refuse(connection, {400, "", head.fault});
  return head.fault.empty();
}

/// Whether another request may follow. One that httplib did not understand is the last: nobody
/// knows where it ends.
bool HttpServer::answer(Connection& connection) {
  bool understood = false, last = false;
  const auto prepare = [&](httplib::Request& request) {
    understood = true;
    request.ranges.clear();           // a few bytes could ask for many copies of a response
    request.headers.erase("Expect");  // the body has arrived
    request.headers.erase("Accept-Encoding");  // to compress floats takes longer than to send them
    request.progress = [&](uint64_t, uint64_t) { return connection.alive(); };
    request.response_handler = [&](const httplib::Response& response) {
      last = response.get_header_value("Connection") == "close";
      return true;
    };
  };
  bool closed = false;
  const bool written = process_request(connection, drained(), closed, prepare);
  return written && understood && !closed && !last;
}

}  // namespace locus::server
