#include "tools/cli/output/npy.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/float16.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/npy_header.hpp"
#include "tools/cli/output/staging.hpp"

namespace locus::cli {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr size_t preamble = 10;  // magic, version, header length as u16
constexpr size_t alignment = 64;

std::string header_of(const Shape& shape) {
  std::string sizes;
  for (const auto size : shape) sizes += std::to_string(size) + ",";
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + sizes + "), }";
  header.append(alignment - 1 - (preamble + header.size()) % alignment, ' ');
  return header + "\n";
}

[[noreturn]] void refuse(const std::string& who, const std::string& found) {
  throw Error(who, "a NumPy array file", found);
}

/// How values of a type are read: how many bytes each takes, and what they are as f32.
struct Reading {
  std::string_view type;
  size_t size;
  void (*widen)(std::span<const std::byte> stored, std::span<float> values);
};

template <typename T>
void widen_plain(std::span<const std::byte> stored, std::span<float> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    T value;
    std::memcpy(&value, stored.data() + i * sizeof(T), sizeof(T));
    values[i] = static_cast<float>(value);
  }
}

const Reading& reading_of(const std::string& who, const std::string& type) {
  static constexpr std::array readings{
      Reading{"<f4", 4, widen_plain<float>},
      Reading{"<f8", 8, widen_plain<double>},
      Reading{"<f2", 2, widen_f16},
      Reading{"|i1", 1, widen_plain<int8_t>},
      Reading{"<i2", 2, widen_plain<int16_t>},
      Reading{"<i4", 4, widen_plain<int32_t>},
      Reading{"<i8", 8, widen_plain<int64_t>},
      Reading{"|u1", 1, widen_plain<uint8_t>},
      Reading{"<u2", 2, widen_plain<uint16_t>},
      Reading{"<u4", 4, widen_plain<uint32_t>},
      Reading{"<u8", 8, widen_plain<uint64_t>},
  };
  const auto found = std::ranges::find(readings, type, &Reading::type);
  if (found == readings.end()) refuse(who, "values of type " + type);
  return *found;
}

/// How many values an array has; nothing where these are more than `most`.
std::optional<size_t> count_of(const Shape& shape, size_t most) {
  if (std::ranges::count(shape, 0) > 0) return 0;
  size_t count = 1;
  for (const int64_t size : shape) {
    if (count > most / static_cast<size_t>(size)) return std::nullopt;
    count *= static_cast<size_t>(size);
  }
  return count;
}

/// Values whose first axis runs fastest, with the last one fastest.
std::vector<float> in_c_order(const std::vector<float>& values, const Shape& shape) {
  std::vector<float> result(values.size());
  std::vector<int64_t> place(shape.size(), 0);  // of the next value of the result
  for (float& value : result) {
    int64_t from = 0;
    for (size_t axis = shape.size(); axis-- > 0;) from = from * shape[axis] + place[axis];
    value = values[static_cast<size_t>(from)];
    for (size_t axis = shape.size(); axis-- > 0;) {
      if (++place[axis] < shape[axis]) break;
      place[axis] = 0;
    }
  }
  return result;
}

}  // namespace

void write_npy(const std::filesystem::path& file, const Shape& shape,
               std::span<const float> values) {
  const auto header = header_of(shape);
  std::string content(magic);
  content += {'\x01', '\x00', static_cast<char>(header.size() & 255),
              static_cast<char>(header.size() >> 8)};
  content += header;
  content.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  write_file(file, content);
}

Tensor read_npy(const std::filesystem::path& file) {
  const auto who = file.string();
  const std::string content = read_given(file);
  const NpyHeader header = parse_npy_header(who, content);
  const Reading& reading = reading_of(who, header.type);
  const size_t held = content.size() - header.data;
  const auto count = count_of(header.shape, held / reading.size);
  if (!count) refuse(who, std::to_string(held) + " bytes of values");
  std::vector<float> values(*count);
  reading.widen(std::as_bytes(std::span(content)).subspan(header.data, *count * reading.size),
                values);
  if (header.fortran_order) values = in_c_order(values, header.shape);
  return Tensor(header.shape, values);
}

}  // namespace locus::cli
