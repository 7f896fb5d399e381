#include "server/http/framing.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"

namespace locus::server {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr size_t max_chunk_bytes = size_t{1}
                                   << 40;  // of a chunk: sums of such sizes do not overflow

std::string fault(std::string_view who, std::string_view expected, std::string_view found) {
  return Error(std::string(who), std::string(expected), std::string(found)).what();
}

std::string lower(std::string_view text) {
  std::string small(text);
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return small;
}

/// A token of RFC 9110.
bool is_token(std::string_view text) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || others.find(c) != others.npos;
  });
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 18 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// What is wrong with a line's bytes or its name; else its field is added.
std::optional<std::string> add_field(Head& head, std::string_view line) {
  const auto colon = line.find(':');
  if (colon == line.npos || !is_token(line.substr(0, colon))) {
    return fault("headers", "lines of a name, a colon and a value", "another");
  }
  if (line.find_first_of(std::string_view("\r\n\0", 3)) != line.npos) {
    return fault("headers", "lines that end with CR LF", "one of these bytes within a line");
  }
  head.fields.push_back({lower(line.substr(0, colon)), trimmed(line.substr(colon + 1))});
  return std::nullopt;
}

std::optional<std::string> host_fault(const Head& head) {
  const size_t hosts = head.values("host").size();
  if (hosts > 1) return fault("Host", "one", std::to_string(hosts));
  if (hosts == 0 && head.version == "HTTP/1.1") return fault("Host", "one", "none");
  return std::nullopt;
}

std::optional<std::string> body_fault(const Head& head) {
  const auto lengths = head.values("content-length");
  const auto codings = head.values("transfer-encoding");
  if (lengths.size() > 1) return fault("Content-Length", "one", std::to_string(lengths.size()));
  if (!lengths.empty() && !is_number(lengths[0])) {
    return fault("Content-Length", "a number of bytes", "another value");
  }
  if (!lengths.empty() && !codings.empty()) {
    return fault("Content-Length", "none beside Transfer-Encoding", "both");
  }
  if (codings.size() > 1 || (codings.size() == 1 && lower(codings[0]) != "chunked")) {
    return fault("Transfer-Encoding", "chunked", "another");
  }
  if (lengths.empty() && codings.empty() && head.method == "POST") {
    return fault("Content-Length", "one of a POST", "none");
  }
  const bool body = !codings.empty() || (!lengths.empty() && lengths[0] != "0");
  if (body && (head.method == "GET" || head.method == "HEAD")) {
    return fault(head.method, "a request without a body", "one with a body");
  }
  return std::nullopt;
}

/// Of a list of one or none.
std::string_view joined(const std::vector<std::string_view>& values) {
  return values.empty() ? std::string_view() : values.front();
}

}  // namespace

std::vector<std::string_view> Head::values(std::string_view name) const {
  std::vector<std::string_view> found;
  for (const Field& field : fields) {
    if (field.name == name) found.push_back(field.value);
  }
  return found;
}

Head read_head(std::string_view text) {
  Head head;
  const auto first = text.find(line_end);
  const std::string_view line = text.substr(0, first);
  head.method = line.substr(0, line.find(' '));
  head.version = line.substr(line.find_last_of(' ') + 1);
  const std::string_view rest = line.substr(std::min(head.method.size() + 1, line.size()));
  head.target = rest.substr(0, rest.find(' '));
  std::optional<std::string> wrong;
  for (auto begin = first + 2; !wrong && begin < text.size();) {
    const auto end = text.find(line_end, begin);
    if (end == begin || end == text.npos) break;
    wrong = add_field(head, text.substr(begin, end - begin));
    begin = end + line_end.size();
  }
  if (!wrong) wrong = host_fault(head);
  if (!wrong) wrong = body_fault(head);
  if (wrong) {
    head.fault = *wrong;
    return head;
  }
  head.chunked = !head.values("transfer-encoding").empty();
  for (const char digit : joined(head.values("content-length"))) {
    head.body = 10 * head.body + (digit - '0');
  }
  return head;
}

bool ChunkScanner::is_whole(std::string_view body) {
  while (at_ < body.size()) {
    const auto end = body.find(line_end, at_);
    if (end == body.npos) return false;
    const std::string_view line = body.substr(at_, end - at_);
    if (last_ && line.empty()) return true;
    size_t size = 0;
    if (!last_) {
      const auto [next, failure] =
          std::from_chars(line.data(), line.data() + line.size(), size, 16);
      if (failure != std::errc() || size > max_chunk_bytes)
        return true;  // whoever reads it says so
      last_ = size == 0;
    }
    at_ = end + line_end.size() + (size > 0 ? size + line_end.size() : 0);
  }
  return false;
}

}  // namespace locus::server
