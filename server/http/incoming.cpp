#include "server/http/incoming.hpp"

#include <algorithm>

namespace locus::server {

Incoming::State Incoming::update(std::string_view bytes) {
  if (bytes.empty()) return State::nothing;
  if (head_ == 0) {
    const auto end =
        bytes.substr(0, rules_->head_bytes + head_end.size()).find(head_end, searched_);
    searched_ = bytes.size() - std::min(bytes.size(), head_end.size() - 1);
    if (end == bytes.npos) return bytes.size() > rules_->head_bytes ? State::complete : State::head;
    head_ = end + head_end.size();
    read(bytes.substr(0, head_));
  }
  return update_body(bytes.substr(head_));
}

void Incoming::read(std::string_view text) {
  const Head head = read_head(text);
  refused_ = !head.fault.empty() || static_cast<uint64_t>(head.body) > rules_->body_bytes ||
             (rules_->refuses && rules_->refuses(head));
  body_ = static_cast<size_t>(head.body);
  chunked_ = head.chunked;
  const auto expected = head.values("expect");
  told_ = head.version == "HTTP/1.1" && expected == std::vector<std::string_view>{"100-continue"};
}

Incoming::State Incoming::update_body(std::string_view body) {
  const bool whole = chunked_ ? chunks_.is_whole(body) : body.size() >= body_;
  const bool too_long =
      chunked_ && body.size() > 2 * rules_->body_bytes;  // chunks' sizes count too
  return refused_ || whole || too_long ? State::complete : State::body;
}

}  // namespace locus::server
