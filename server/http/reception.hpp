// Where connections wait until a request has arrived: a client that takes its time holds no thread.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "server/http/connection.hpp"
#include "server/http/incoming.hpp"

struct pollfd;

namespace locus::server {

/// How many clients may take their time. Beyond it the one that has waited longest has to go: who
/// fills the room with connections drives out their own.
struct ReceptionLimits {
  size_t connections = 1024;
  size_t bytes = size_t{256} << 20;  ///< of requests that are not whole
};

class Reception {
 public:
  using Receive = std::function<void(std::shared_ptr<Connection>)>;

  /// `drained`: a file that becomes readable when no more requests are wanted. Calls `receive` from
  /// a thread of its own for every connection whose request is whole, or will be refused.
  Reception(int drained, IncomingRules rules, ReceptionLimits limits, Receive receive);
  ~Reception();
  Reception(const Reception&) = delete;
  Reception& operator=(const Reception&) = delete;

  /// From any thread. Once `drained` is readable, what has begun to arrive may still become whole.
  void enter(std::shared_ptr<Connection> connection);
  /// Waits until nobody waits any more, after `drained`.
  void finish();

 private:
  struct Guest {
    std::shared_ptr<Connection> connection;
    Incoming incoming;
    Incoming::State state = Incoming::State::nothing;
    Clock::time_point since, deadline;
  };
  using Guests = std::list<Guest>;

  void run();
  void seat_new();
  void listen_until_next_event(std::vector<pollfd>& files);
  bool look_at(Guest& guest, bool readable);
  bool advance(Guest& guest, bool more);
  void begin_end();
  void make_room();

  int drained_;
  int woken_;  // an event: somebody entered, or it ends
  IncomingRules rules_;
  ReceptionLimits limits_;
  Receive receive_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Connection>> entered_;  // under the mutex
  std::atomic<bool> finishing_{false};
  bool draining_ = false;
  Guests guests_;  // in the order of arrival
  std::thread thread_;
};

}  // namespace locus::server
