// How much of a request has arrived.
#pragma once

#include <functional>
#include <string_view>

#include "server/http/framing.hpp"

namespace locus::server {

/// What is known of a request before it is whole.
struct IncomingRules {
  size_t head_bytes = 32 << 10;
  size_t body_bytes = 8 << 20;
  /// Whether a request is refused whatever its body says.
  std::function<bool(const Head&)> refuses = {};
};

class Incoming {
 public:
  explicit Incoming(const IncomingRules& rules) : rules_(&rules) {}

  enum class State {
    nothing,  ///< has not begun
    head,
    body,
    complete  ///< whole, or refused without the rest: its head is wrong or too long, or its body is
  };
  /// `bytes`: all that has arrived.
  State update(std::string_view bytes);
  /// Whether the client sends the body once it is told to (`Expect: 100-continue`).
  bool is_to_be_told() const { return told_; }

 private:
  State update_body(std::string_view body);
  void read(std::string_view head);

  const IncomingRules* rules_;
  size_t searched_ = 0;  // bytes, for the head's end
  size_t head_ = 0;      // bytes, once it is whole
  size_t body_ = 0;
  bool chunked_ = false;
  bool refused_ = false;
  bool told_ = false;
  ChunkScanner chunks_;
};

}  // namespace locus::server
