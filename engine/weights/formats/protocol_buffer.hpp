// Messages of protocol buffers, field by field.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/weights/byte_reader.hpp"

namespace locus::weights {

/// A field as it stands on the wire: a number, or bytes.
struct ProtocolField {
  uint64_t tag = 0;  ///< the field's number in its message
  uint64_t number = 0;
  std::string_view bytes = {};

  int64_t integer() const { return static_cast<int64_t>(number); }
};

/// The fields of a message in turn. Throws Error where it ends early or has groups.
std::vector<ProtocolField> read_protocol_fields(const std::string& who, std::string_view message);

}  // namespace locus::weights
