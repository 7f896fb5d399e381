#include "server/http/framing.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"

namespace locus::server {
namespace {

struct Field {
  std::string name;  // in small letters
  std::string_view value;
};

struct Head {
  std::string_view method, version;
  std::vector<Field> fields;

  std::vector<std::string_view> values(std::string_view name) const {
    std::vector<std::string_view> found;
    for (const Field& field : fields) {
      if (field.name == name) found.push_back(field.value);
    }
    return found;
  }
};

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

}  // namespace

std::optional<std::string> framing_fault(std::string_view text) {
  constexpr std::string_view line_end = "\r\n";
  Head head;
  const auto first = text.find(line_end);
  const std::string_view line = text.substr(0, first);
  head.method = line.substr(0, line.find(' '));
  head.version = line.substr(line.find_last_of(' ') + 1);
  for (auto begin = first + 2; begin < text.size();) {
    const auto end = text.find(line_end, begin);
    if (end == begin || end == text.npos) break;
    if (auto wrong = add_field(head, text.substr(begin, end - begin))) return wrong;
    begin = end + line_end.size();
  }
  if (auto wrong = host_fault(head)) return wrong;
  return body_fault(head);
}

}  // namespace locus::server
