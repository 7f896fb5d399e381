// Bytes as text (RFC 4648, section 4).
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace locus::server {

std::string base64_of(std::span<const std::byte> bytes);

}  // namespace locus::server
