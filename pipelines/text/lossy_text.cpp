#include "pipelines/text/lossy_text.hpp"

#include <algorithm>
#include <utility>

namespace locus::pipelines {
namespace {

constexpr size_t long_line = size_t{1} << 18;  // bytes: from here on a line is read in parts

/// The lines of a text. Each keeps its line end, so that the sizes add up to the text's.
class Lines {
 public:
  explicit Lines(const ReadOn& read) : read_(read) {}

  /// Goes to the next line, once the present one was read to its end.
  bool next() {
    inside_ = hold(1).size() > at_;
    return inside_;
  }
  /// The next `bytes` bytes of the line; fewer only at its end.
  std::string read(size_t bytes) {
    if (!inside_) return {};
    const size_t end = std::min(hold(bytes).find('\n', at_), held_.size() - 1) + 1;
    const size_t size = std::min(bytes, end - at_);
    std::string part = held_.substr(at_, size);
    at_ += size;
    inside_ = size == bytes && !part.ends_with('\n');
    return part;
  }

 private:
  /// Makes `held_` contain `bytes` bytes from `at_` on; fewer only at the end of the text.
  const std::string& hold(size_t bytes) {
    if (ended_ || held_.size() - at_ >= bytes) return held_;
    held_.erase(0, std::exchange(at_, 0));
    const std::string more = read_(std::max(bytes, long_line));
    ended_ = more.size() < std::max(bytes, long_line);
    held_ += more;
    return held_;
  }

  const ReadOn& read_;
  std::string held_;
  size_t at_ = 0;
  bool inside_ = false;
  bool ended_ = false;
};

}  // namespace

void RoundTrip::add(std::string_view raw, std::span<const int32_t> ids) {
  if (!same_) return;
  raw_ += raw;
  compare(decoder_.push(ids));
}

bool RoundTrip::finish() {
  if (same_) compare(decoder_.finish());
  return same_ && raw_.empty();
}

void RoundTrip::compare(std::string_view decoded) {
  same_ = raw_.starts_with(decoded);
  raw_.erase(0, same_ ? decoded.size() : raw_.size());
}

bool round_trips(const std::shared_ptr<const Tokenizer>& tokenizer, const ReadOn& read,
                 const std::function<void()>& check) {
  PartSettings settings;
  settings.check = check;
  PartEncoder encoder(tokenizer, read, std::move(settings));
  RoundTrip trip(tokenizer);
  while (const auto part = encoder.next()) trip.add(part->raw, part->ids);
  return trip.finish();
}

int64_t lossy_bytes(const std::shared_ptr<const Tokenizer>& tokenizer, const ReadOn& read,
                    const std::function<void()>& check) {
  Lines lines(read);
  int64_t lost = 0;
  while (lines.next()) {
    std::string line = lines.read(long_line);
    if (line.size() < long_line) {
      lost += tokenizer->round_trips(line) ? 0 : static_cast<int64_t>(line.size());
      continue;
    }
    auto size = static_cast<int64_t>(line.size());
    const auto read_on = [&](size_t bytes) {
      if (!line.empty()) return std::exchange(line, {});
      std::string part = lines.read(bytes);
      size += static_cast<int64_t>(part.size());
      return part;
    };
    const bool same = round_trips(tokenizer, read_on, check);
    while (const size_t rest = lines.read(long_line).size()) size += static_cast<int64_t>(rest);
    lost += same ? 0 : size;
  }
  return lost;
}

}  // namespace locus::pipelines
