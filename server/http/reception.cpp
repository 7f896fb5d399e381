#include "server/http/reception.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace locus::server {
namespace {

constexpr size_t own_files = 2;  // of those that are waited for: the two events

}  // namespace

Reception::Reception(int drained, IncomingRules rules, ReceptionLimits limits, Receive receive)
    : drained_(drained),
      woken_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      rules_(std::move(rules)),
      limits_(limits),
      receive_(std::move(receive)) {
  if (woken_ < 0) throw Error("server", "an event", std::strerror(errno));
  thread_ = std::thread([this] { run(); });
}

Reception::~Reception() {
  finish();
  ::close(woken_);
}

void Reception::enter(std::shared_ptr<Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    entered_.push_back(std::move(connection));
  }
  const uint64_t one = 1;
  if (::write(woken_, &one, sizeof(one)) < 0) return;  // full: it is readable already
}

void Reception::finish() {
  finishing_ = true;
  const uint64_t one = 1;
  if (::write(woken_, &one, sizeof(one)) < 0) return;
  if (thread_.joinable()) thread_.join();
}

void Reception::run() {
  std::vector<pollfd> files;
  for (;;) {
    seat_new();
    if (finishing_ && guests_.empty()) return;
    listen_until_next_event(files);
    if (!draining_ && (files[0].revents != 0 || finishing_)) begin_end();
    const auto now = Clock::now();
    size_t at = own_files;
    for (auto guest = guests_.begin(); guest != guests_.end();) {
      const bool readable = at < files.size() && files[at++].revents != 0;
      const bool stays = (!readable && now < guest->deadline) || look_at(*guest, readable);
      guest = stays ? std::next(guest) : guests_.erase(guest);
    }
    make_room();
  }
}

void Reception::seat_new() {
  std::vector<std::shared_ptr<Connection>> entered;
  {
    const std::lock_guard lock(mutex_);
    entered.swap(entered_);
  }
  for (auto& connection : entered) {
    const auto now = Clock::now();
    const auto deadline = now + connection->limits().idle;
    guests_.push_back({std::move(connection), Incoming(rules_), {}, now, deadline});
    if (!look_at(guests_.back(), true)) guests_.pop_back();
  }
  make_room();
}

void Reception::listen_until_next_event(std::vector<pollfd>& files) {
  files.assign({{drained_, POLLIN, 0}, {woken_, POLLIN, 0}});
  if (draining_) files[0].fd = -1;  // it stays readable
  auto next = Clock::now() + std::chrono::hours(1);
  for (const Guest& guest : guests_) {
    files.push_back({guest.connection->socket(), POLLIN, 0});
    next = std::min(next, guest.deadline);
  }
  poll_until(files, next);
  uint64_t count = 0;
  if (files[1].revents != 0 && ::read(woken_, &count, sizeof(count)) < 0) return;
}

/// Whether a guest stays to whom something happened, or whose time is over.
bool Reception::look_at(Guest& guest, bool readable) {
  return advance(guest, readable && guest.connection->receive());
}

/// Whether a guest stays. `more`: whether more may come from it.
bool Reception::advance(Guest& guest, bool more) {
  const auto before = guest.state;
  guest.state = guest.incoming.update(guest.connection->received());
  const auto& limits = guest.connection->limits();
  const auto now = Clock::now();
  const bool begun = guest.state == Incoming::State::head || guest.state == Incoming::State::body;
  if (guest.state != before && begun) {
    guest.deadline = now + (guest.state == Incoming::State::head ? limits.head : limits.body);
    if (draining_) guest.deadline = now + limits.drained;
    const bool body = guest.state == Incoming::State::body;
    if (body && guest.incoming.is_to_be_told()) guest.connection->ask_for_body();
  }
  const bool over = !more || (draining_ && !begun);
  const bool half = guest.state == Incoming::State::body && over;  // is told so
  if (guest.state == Incoming::State::complete || half) {
    guest.connection->expect_rest_until(half ? now : now + limits.body);
    receive_(std::move(guest.connection));
    return false;
  }
  if (over) guest.connection->abandon();
  return !over;
}

/// Nobody is waited for who has not begun, and for a moment for those who have.
void Reception::begin_end() {
  draining_ = true;
  const auto now = Clock::now();
  for (Guest& guest : guests_) {
    const bool begun = guest.state != Incoming::State::nothing;
    const auto& limits = guest.connection->limits();
    guest.deadline = begun ? std::min(guest.deadline, now + limits.drained) : now;
  }
}

void Reception::make_room() {
  size_t bytes = 0;
  for (const Guest& guest : guests_) bytes += guest.connection->received().size();
  auto guest = guests_.begin();
  while (guest != guests_.end() &&
         (guests_.size() > limits_.connections || bytes > limits_.bytes)) {
    const size_t held = guest->connection->received().size();
    const bool goes = guests_.size() > limits_.connections || held > 0;
    bytes -= goes ? held : 0;
    if (goes) guest->connection->abandon();
    guest = goes ? guests_.erase(guest) : std::next(guest);
  }
}

}  // namespace locus::server
