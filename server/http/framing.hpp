// Where a request's head and body end: what is read in two ways is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace locus::server {

/// What is wrong with a head, which ends with an empty line, by RFC 9112: lines that are no fields,
/// two lengths or a length beside chunks, a length that is no number, another coding than chunks, a
/// POST without a length, a GET with a body, no host or two. Whoever reads such a head in another
/// way takes the body for a request, or a request for a body.
std::optional<std::string> framing_fault(std::string_view head);

}  // namespace locus::server
