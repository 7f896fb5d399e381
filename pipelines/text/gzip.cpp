#include <zlib.h>

#include <array>
#include <string>

#include "base/error.hpp"
#include "pipelines/text/json_lines.hpp"

namespace locus::pipelines {
namespace {

constexpr size_t max_bytes = size_t{1} << 32;

bool is_gzip(std::string_view content) {
  return content.size() > 2 && content[0] == '\x1f' && content[1] == '\x8b';
}

/// A zlib stream that ends with its scope.
struct Inflater {
  z_stream stream{};
  Inflater() { ready = inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK; }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  bool ready = false;
};

}  // namespace

std::string uncompressed(std::string_view who, std::string content) {
  if (!is_gzip(content)) return content;
  Inflater inflater;
  z_stream& stream = inflater.stream;
  stream.next_in = reinterpret_cast<Bytef*>(content.data());
  stream.avail_in = static_cast<uInt>(content.size());
  std::string text;
  std::array<char, 1 << 16> part;
  while (inflater.ready && stream.avail_in > 0 && text.size() < max_bytes) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = part.size();
    const int state = inflate(&stream, Z_NO_FLUSH);
    text.append(part.data(), part.size() - stream.avail_out);
    if (state == Z_STREAM_END && stream.avail_in > 0) {  // one member behind another
      inflateReset(&stream);
    } else if (state == Z_STREAM_END) {
      return text;
    } else if (state != Z_OK) {
      break;
    }
  }
  throw Error(who, "a whole gzip file of at most 4 GiB", "another");
}

}  // namespace locus::pipelines
