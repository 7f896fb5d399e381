// Which requests are answered at all.
#pragma once

#include <httplib.h>

#include <optional>
#include <string>

#include "server/api/refusal.hpp"
#include "server/http/framing.hpp"
#include "server/routes/routes.hpp"

namespace locus::server {

/// The route of a request; null where there is none of that path, or of that method.
const Route* route_of(const httplib::Request& request);

/// A request without a body, as httplib reads it.
httplib::Request request_of(const Head& head);

/// Looks at a request's head, before its body is read. A refusal for unknown routes and methods, a
/// key that is missing or wrong, forms and files, compressed bodies, and for pages of other sites:
/// a browser sends their requests to addresses of this machine too, by another name (DNS rebinding)
/// or with their origin.
class Guard {
 public:
  /// `host`: what the server listens on.
  Guard(std::string api_key, const std::string& host);
  std::optional<Refusal> refuse(const httplib::Request& request) const;

 private:
  bool has_key(const httplib::Request& request) const;

  std::string api_key_;
  bool local_;  // the server is reached from this machine alone
};

}  // namespace locus::server
