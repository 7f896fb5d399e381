#include "engine/weights/formats/protocol_buffer.hpp"

#include "base/error.hpp"

namespace locus::weights {

std::vector<ProtocolField> read_protocol_fields(const std::string& who, std::string_view message) {
  ByteReader reader(who, std::as_bytes(std::span(message)));
  std::vector<ProtocolField> fields;
  while (reader.left() > 0) {
    const uint64_t key = reader.varint();
    ProtocolField field{key >> 3};
    switch (key & 7) {
      case 0:
        field.number = reader.varint();
        break;
      case 1:
        field.number = reader.number<uint64_t>();
        break;
      case 2:
        field.bytes = reader.text(reader.varint());
        break;
      case 5:
        field.number = reader.number<uint32_t>();
        break;
      default:
        throw Error(who, "a field of a known wire type", std::to_string(key & 7));
    }
    fields.push_back(field);
  }
  return fields;
}

}  // namespace locus::weights
