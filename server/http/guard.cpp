#include "server/http/guard.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace locus::server {
namespace {

/// `localhost` of `localhost:8080`, `[::1]` of `[::1]:8080`.
std::string_view host_of(std::string_view authority) {
  const auto bracket = authority.rfind(']');
  const auto colon = authority.rfind(':');
  const bool port = colon != authority.npos && (bracket == authority.npos || colon > bracket);
  return port ? authority.substr(0, colon) : authority;
}

/// 127.0.0.1 and the like: no name may begin so.
bool is_loopback_address(std::string_view host) {
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos;
}

bool is_local(std::string_view host) {
  return host == "localhost" || host == "[::1]" || host == "::1" || is_loopback_address(host);
}

/// Takes as long for a key that is nearly right.
bool equal_keys(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^
                  static_cast<unsigned char>(b.empty() ? 0 : b[i % b.size()]);
  }
  return difference == 0;
}

bool of_another_site(const httplib::Request& request) {
  const std::string origin = request.get_header_value("Origin");
  const auto scheme = origin.find("://");
  if (origin.empty()) return false;
  return scheme == std::string::npos ||
         origin.substr(scheme + 3) != request.get_header_value("Host");
}

std::optional<Refusal> refuse_path(const httplib::Request& request) {
  std::string methods;
  for (const Route& route : routes()) {
    if (route.path == request.path)
      methods += (methods.empty() ? "" : ", ") + std::string(route.method);
  }
  if (methods.empty()) {
    return Refusal{404, "not_found",
                   Error(request.path, "a route of docs/server.md", "none").what()};
  }
  return Refusal{405, "method_not_allowed", Error(request.path, methods, request.method).what()};
}

}  // namespace

const Route* route_of(const httplib::Request& request) {
  const std::string_view given = request.method;
  const std::string_view method = given == "HEAD" ? "GET" : given;
  const auto found = std::ranges::find_if(routes(), [&](const Route& route) {
    return route.path == request.path && route.method == method;
  });
  return found == routes().end() ? nullptr : &*found;
}

httplib::Request request_of(const Head& head) {
  httplib::Request request;
  request.method = head.method;
  request.path = head.target.substr(0, head.target.find('?'));
  for (const Field& field : head.fields) request.headers.emplace(field.name, field.value);
  return request;
}

Guard::Guard(std::string api_key, const std::string& host)
    : api_key_(std::move(api_key)), local_(is_local(host)) {}

bool Guard::has_key(const httplib::Request& request) const {
  constexpr std::string_view bearer = "Bearer ";
  const std::string given = request.get_header_value("Authorization");
  return given.starts_with(bearer) &&
         equal_keys(std::string_view(given).substr(bearer.size()), api_key_);
}

std::optional<Refusal> Guard::refuse(const httplib::Request& request) const {
  const std::string host = request.get_header_value("Host");
  if (local_ && !host.empty() && !is_local(host_of(host))) {
    return Refusal{403, "wrong_host", Error("Host", "localhost", "'" + host + "'").what()};
  }
  if (of_another_site(request)) {
    return Refusal{403, "wrong_origin", "Origin: expected this server's page, found another's"};
  }
  const Route* route = route_of(request);
  if (!route) return refuse_path(request);
  if (!api_key_.empty() && !route->open && !has_key(request)) {
    return Refusal{401, "invalid_api_key",
                   "Authorization: expected 'Bearer' and the key of this "
                   "server, found none or another"};
  }
  if (request.is_multipart_form_data()) {
    return Refusal{415, "not_json", "Content-Type: expected application/json, found a form"};
  }
  const std::string coding = request.get_header_value("Content-Encoding");
  if (!coding.empty() && coding != "identity") {
    return Refusal{415, "coded_body", Error("Content-Encoding", "none", "'" + coding + "'").what()};
  }
  return std::nullopt;
}

}  // namespace locus::server
