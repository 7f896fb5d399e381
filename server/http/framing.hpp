// Where a request's head and body end: what is read in two ways is refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace locus::server {

inline constexpr std::string_view head_end = "\r\n\r\n";

struct Field {
  std::string name;  ///< in small letters
  std::string_view value;
};

/// A request's line and headers, which point into the text that they were read from.
struct Head {
  std::string_view method, target, version;
  std::vector<Field> fields;
  int64_t body = 0;  ///< bytes, where it does not come in chunks
  bool chunked = false;
  /// What is wrong with it; else empty.
  std::string fault;

  std::vector<std::string_view> values(std::string_view name) const;
};

/// Reads a head, which ends with an empty line, by RFC 9112. Wrong are lines that are no fields,
/// two lengths or a length beside chunks, a length that is no number, another coding than chunks, a
/// POST without a length, a GET with a body, no host or two. Whoever reads such a head in another
/// way takes the body for a request, or a request for a body.
Head read_head(std::string_view head);

/// Finds the end of a body in chunks as it arrives.
class ChunkScanner {
 public:
  /// Whether it is whole, or wrong. `body`: all that has arrived of it; looks at no chunk twice.
  bool is_whole(std::string_view body);

 private:
  size_t at_ = 0;      // where the next line or chunk begins
  bool last_ = false;  // the chunk without bytes has come: lines follow, and an empty one
};

}  // namespace locus::server
