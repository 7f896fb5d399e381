#pragma once

#include <string>
#include <string_view>

namespace locus::tokenization {

/// RFC 4648, section 4. Throws `Error` on other characters.
std::string decoded_base64(std::string_view text);
std::string encoded_base64(std::string_view bytes);

}  // namespace locus::tokenization
