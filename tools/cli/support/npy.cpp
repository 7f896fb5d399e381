#include "tools/cli/support/npy.hpp"

#include <cstring>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

#include "engine/error.hpp"
#include "tools/cli/support/staging.hpp"

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

struct Header {
  std::string type;
  bool fortran_order = false;
  Shape shape;
  size_t data = 0;  // offset of the values
};

[[noreturn]] void refuse(const std::string& who, const std::string& found) {
  throw Error(who, "a NumPy array file of f32 or f64", found);
}

// The header is a Python dictionary of fixed keys; regular expressions are enough for what NumPy
// itself writes.
Header parse_header(const std::string& who, const std::string& content) {
  if (content.substr(0, magic.size()) != magic || content.size() < 12) refuse(who, "another file");
  const auto byte = [&](size_t place) { return static_cast<uint8_t>(content[place]); };
  const bool long_length = byte(6) >= 2;
  size_t length = byte(8) + 256u * byte(9);
  if (long_length) length += 65536u * byte(10) + 16777216u * byte(11);
  const size_t begin = long_length ? 12 : preamble;
  if (content.size() < begin + length) refuse(who, "a header that is cut off");
  const auto text = content.substr(begin, length);
  std::smatch type, order, shape;
  if (!std::regex_search(text, type, std::regex("'descr': *'([^']+)'")) ||
      !std::regex_search(text, order, std::regex("'fortran_order': *(True|False)")) ||
      !std::regex_search(text, shape, std::regex("'shape': *\\(([0-9, ]*)\\)"))) {
    refuse(who, "the header " + text);
  }
  Header header{type[1], order[1] == "True", {}, begin + length};
  const std::string sizes = shape[1];
  const std::regex digits("[0-9]{1,18}");
  for (std::sregex_iterator at(sizes.begin(), sizes.end(), digits), end; at != end; ++at) {
    header.shape.push_back(std::stoll(at->str()));
  }
  return header;
}

template <typename T>
std::vector<float> values_of(const std::string& content, size_t offset, int64_t count) {
  std::vector<float> values(static_cast<size_t>(count));
  for (size_t i = 0; i < values.size(); ++i) {
    T value;
    std::memcpy(&value, content.data() + offset + i * sizeof(T), sizeof(T));
    values[i] = static_cast<float>(value);
  }
  return values;
}

// Values of a matrix that lies column by column.
std::vector<float> transposed(const std::vector<float>& values, int64_t rows, int64_t columns) {
  std::vector<float> result(values.size());
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; ++j) result[i * columns + j] = values[j * rows + i];
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
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(who, "a file that can be read", "none");
  const std::string content(std::istreambuf_iterator<char>(stream), {});
  const auto header = parse_header(who, content);
  if (header.type != "<f4" && header.type != "<f8") refuse(who, "values of type " + header.type);
  if (header.fortran_order && header.shape.size() != 2) refuse(who, "Fortran order, no matrix");
  const auto count = element_count(header.shape);
  const int64_t size = header.type == "<f4" ? 4 : 8;
  const auto held = static_cast<int64_t>(content.size() - header.data);
  if (held / size < count) refuse(who, std::to_string(held) + " bytes of values");
  auto values = size == 4 ? values_of<float>(content, header.data, count)
                          : values_of<double>(content, header.data, count);
  if (header.fortran_order) values = transposed(values, header.shape[0], header.shape[1]);
  return Tensor(header.shape, values);
}

}  // namespace locus::cli
