#include <zlib.h>

#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "pipelines/text/json_lines.hpp"

namespace locus::pipelines {
namespace {

constexpr size_t input_bytes = 1 << 16;

bool is_gzip(std::string_view content) {
  return content.size() > 2 && content[0] == '\x1f' && content[1] == '\x8b';
}

/// Reads what gzip compressed.
class Inflater {
 public:
  Inflater(std::string who, std::string head, ReadBytes read)
      : who_(std::move(who)), input_(std::move(head)), read_(std::move(read)) {
    if (inflateInit2(&stream_, 16 + MAX_WBITS) != Z_OK) throw std::bad_alloc();
    point_to_input();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  std::string read(size_t bytes) {
    std::string text(bytes, '\0');
    stream_.next_out = reinterpret_cast<Bytef*>(text.data());
    stream_.avail_out = static_cast<uInt>(bytes);
    while (stream_.avail_out > 0 && more_input()) {
      const int state = inflate(&stream_, Z_NO_FLUSH);
      within_member_ = state != Z_STREAM_END;
      if (state == Z_STREAM_END) inflateReset(&stream_);  // perhaps another member follows
      if (state != Z_STREAM_END && state != Z_OK) refuse();
    }
    text.resize(bytes - stream_.avail_out);
    return text;
  }

 private:
  [[noreturn]] void refuse() const { throw Error(who_, "a whole gzip file", "another"); }

  void point_to_input() {
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(input_.size());
  }

  bool more_input() {
    if (stream_.avail_in > 0) return true;
    input_ = read_(input_bytes);
    point_to_input();
    if (input_.empty() && within_member_) refuse();
    return !input_.empty();
  }

  std::string who_;
  std::string input_;
  ReadBytes read_;
  z_stream stream_{};
  bool within_member_ = true;
};

}  // namespace

ReadBytes uncompressed(std::string who, ReadBytes read) {
  std::string head = read(input_bytes);
  if (is_gzip(head)) {
    auto inflater = std::make_shared<Inflater>(std::move(who), std::move(head), std::move(read));
    return [inflater](size_t bytes) { return inflater->read(bytes); };
  }
  return [head = std::move(head), read = std::move(read)](size_t bytes) mutable {
    std::string part = head.substr(0, bytes);
    head.erase(0, part.size());
    if (part.size() < bytes) part += read(bytes - part.size());
    return part;
  };
}

}  // namespace locus::pipelines
