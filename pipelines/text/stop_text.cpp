#include "pipelines/text/stop_text.hpp"

#include <algorithm>

namespace locus::pipelines {
namespace {

// Bytes at the end of `text` that may be the beginning of `stop`.
size_t overlap(std::string_view text, std::string_view stop) {
  for (auto size = std::min(text.size(), stop.size() - 1); size > 0; --size) {
    if (text.substr(text.size() - size) == stop.substr(0, size)) return size;
  }
  return 0;
}

}  // namespace

std::string StopText::push(std::string_view piece) {
  if (found_) return "";
  held_ += piece;
  size_t end = std::string::npos;
  for (const auto& stop : stops_) end = std::min(end, held_.find(stop));
  found_ = end != std::string::npos;
  if (!found_) {
    size_t kept = 0;
    for (const auto& stop : stops_) kept = std::max(kept, overlap(held_, stop));
    end = held_.size() - kept;
  }
  const auto certain = held_.substr(0, end);
  held_.erase(0, end);
  return certain;
}

std::string StopText::finish() {
  const auto rest = found_ ? "" : held_;
  held_.clear();
  return rest;
}

}  // namespace locus::pipelines
