// A header's length of 8 bytes, little-endian, then JSON, then values without holes
// (https://github.com/huggingface/safetensors, "Format").
#include <algorithm>
#include <memory>
#include <vector>

#include "base/error.hpp"
#include "base/json/json.hpp"
#include "engine/weights/byte_reader.hpp"
#include "engine/weights/data_type.hpp"
#include "engine/weights/formats/shards.hpp"
#include "engine/weights/storage.hpp"

namespace locus {
namespace {

constexpr uint64_t prefix = 8;  // bytes of the header's length
constexpr uint64_t max_header_bytes = 100'000'000;
constexpr detail::JsonLimits header_limits{.depth = 3, .values = 4'000'000};

struct Claim {
  std::string name;
  DataType type = DataType::f32;
  Shape shape;
  int64_t begin = 0;
  int64_t end = 0;
};

struct Header {
  std::string_view json;
  std::span<const std::byte> data;
};

std::string range_text(int64_t begin, int64_t end) {
  return "[" + std::to_string(begin) + ", " + std::to_string(end) + "]";
}

Header split(const std::string& who, const FileBytes& file) {
  const auto bytes = file.bytes();
  if (bytes.size() < prefix) {
    throw Error(who, "a safetensors file of at least 8 bytes", std::to_string(bytes.size()));
  }
  file.load(bytes.first(std::min<size_t>(bytes.size(), 64)));  // enough for `known_stand_in`
  uint64_t length = 0;
  for (uint64_t i = 0; i < prefix; ++i) length |= std::to_integer<uint64_t>(bytes[i]) << 8 * i;
  const uint64_t max = std::min<uint64_t>(max_header_bytes, bytes.size() - prefix);
  if (length > max) {
    if (const auto kind = known_stand_in(bytes)) throw Error(who, "a safetensors file", *kind);
    throw Error(who,
                "a safetensors file, with a header of at most " + std::to_string(max) + " bytes",
                "one of " + std::to_string(length));
  }
  file.load(bytes.subspan(prefix, length));
  Header header;
  header.json = {reinterpret_cast<const char*>(bytes.data() + prefix), length};
  header.data = bytes.subspan(prefix + length);
  if (!header.json.starts_with('{')) throw Error(who, "a header that begins with '{'", "another");
  return header;
}

DataType read_type(const detail::JsonPlace& place) {
  const auto type = weights::find_data_type(place.text());
  if (!type) place.refuse("one of " + weights::data_type_names());
  return *type;
}

Shape read_shape(const detail::JsonPlace& place) {
  Shape shape = place.integers();
  if (shape.size() > max_stored_rank)
    place.refuse("a rank of at most " + std::to_string(max_stored_rank));
  if (std::any_of(shape.begin(), shape.end(), [](int64_t size) { return size < 0; })) {
    place.refuse("sizes of zero or more");
  }
  return shape;
}

Claim read_claim(const std::string& name, const detail::JsonPlace& place, int64_t data_size) {
  place.expect_keys({"dtype", "shape", "data_offsets"});
  Claim claim;
  claim.name = name;
  claim.type = read_type(place.at("dtype"));
  claim.shape = read_shape(place.at("shape"));
  const auto bytes = weights::checked_product(size_of(claim.type), claim.shape);
  if (!bytes) place.at("shape").refuse("a size below 2^63 bytes");
  const detail::JsonPlace range = place.at("data_offsets");
  const auto offsets = range.integers();
  if (offsets.size() != 2) range.refuse("two offsets");
  claim.begin = offsets[0];
  claim.end = offsets[1];
  if (claim.begin < 0 || claim.begin > claim.end || claim.end > data_size) {
    range.refuse("a range within the " + std::to_string(data_size) + " bytes of data");
  }
  if (claim.end - claim.begin != *bytes) {
    range.refuse(std::to_string(*bytes) + " bytes for " + std::string(to_string(claim.type)) + " " +
                 to_string(claim.shape));
  }
  return claim;
}

void expect_metadata(const detail::JsonPlace& place) {
  for (const auto& [key, value] : place.members()) value.text();
}

std::vector<Claim> read_claims(const std::string& who, const Header& header) {
  const auto document = detail::parse_json(who, header.json, header_limits);
  std::vector<Claim> claims;
  for (const auto& [name, value] : document.items()) {
    weights::expect_tensor_name(who, name);
    const detail::JsonPlace place(value, who + ": " + name);
    if (name == "__metadata__") {
      expect_metadata(place);
    } else {
      claims.push_back(read_claim(name, place, static_cast<int64_t>(header.data.size())));
    }
  }
  return claims;
}

// Tensors must cover the data: each begins where the one before it ends.
void expect_no_gaps(const std::string& who, std::vector<Claim>& claims, int64_t data_size) {
  std::sort(claims.begin(), claims.end(), [](const Claim& a, const Claim& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  int64_t position = 0;
  for (const Claim& claim : claims) {
    if (claim.begin != position) {
      throw Error(who + ": " + claim.name,
                  "data from " + std::to_string(position) +
                      (claim.begin < position ? " (no overlap)" : " (no hole)"),
                  range_text(claim.begin, claim.end));
    }
    position = claim.end;
  }
  if (position != data_size) {
    throw Error(who, std::to_string(position) + " bytes of data, as its tensors say",
                std::to_string(data_size));
  }
}

Weights open_safetensors_file(const std::filesystem::path& file) {
  const std::string who = file.string();
  const auto storage = std::make_shared<const weights::FileStorage>(file);
  const Header header = split(who, *storage);
  auto claims = read_claims(who, header);
  expect_no_gaps(who, claims, static_cast<int64_t>(header.data.size()));
  Weights weights;
  for (Claim& claim : claims) {
    const auto begin = static_cast<size_t>(claim.begin);
    const auto bytes = header.data.subspan(begin, static_cast<size_t>(claim.end) - begin);
    WeightsAccess::insert(weights, std::move(claim.name),
                          StoredTensor{claim.type, std::move(claim.shape), bytes}, storage);
  }
  return weights;
}

}  // namespace

Weights open_safetensors(const std::filesystem::path& file) {
  return weights::is_shard_index(file) ? weights::open_shards(file, open_safetensors_file)
                                       : open_safetensors_file(file);
}

}  // namespace locus
