#include "base/json/values.hpp"
#include "engine/weights.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "base/error.hpp"
#include "base/float16.hpp"
#include "base/new_file.hpp"
#include "base/watch.hpp"
#include "engine/weights/storage.hpp"

namespace locus {
namespace {

constexpr size_t data_alignment = 8;                // of the data, for readers that map the file
constexpr size_t part_size = size_t{1} << 18;       // values that are written in one go
constexpr size_t check_interval = size_t{1} << 20;  // values from one check to the next

/// A type that can be written.
struct Target {
  DataType type;
  float beyond;              // magnitudes from here on become infinite
  uint16_t (*round)(float);  // of the 16-bit types
};

Target find_target(const std::string& who, DataType type) {
  switch (type) {
    case DataType::f32:
      return {type, std::numeric_limits<float>::infinity(), nullptr};
    case DataType::f16:
      return {type, 65520.0f, round_to_f16};
    case DataType::bf16:
      return {type, std::bit_cast<float>(0x7f7f8000u), round_to_bf16};
    default:
      throw Error(who, "F32, F16 or BF16 to write", to_string(type));
  }
}

std::string header_text(const Weights& weights, std::span<const std::string> names,
                        const SafetensorsOptions& options) {
  nlohmann::json header = nlohmann::json::object();
  if (!options.metadata.empty()) header["__metadata__"] = options.metadata;
  int64_t position = 0;
  for (const auto& name : names) {
    const Shape& shape = weights.at(name).shape;
    const int64_t end = position + element_count(shape) * size_of(options.type);
    header[name] = {
        {"dtype", to_string(options.type)}, {"shape", shape}, {"data_offsets", {position, end}}};
    position = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + data_alignment - 1) / data_alignment * data_alignment, ' ');
  return text;
}

std::string length_text(uint64_t length) {
  std::string text(sizeof length, '\0');
  for (size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(length >> 8 * i);
  return text;
}

// What could not be read back is not written. `values` begin at index `first` of the tensor.
void expect_range(const std::string& name, std::span<const float> values, size_t first,
                  const Target& target) {
  const auto outside = std::find_if(values.begin(), values.end(), [&](float value) {
    return !(std::fabs(value) < target.beyond);
  });
  if (outside == values.end()) return;
  throw Error(name, "values within the range of " + std::string(to_string(target.type)),
              std::to_string(*outside) + " at index " +
                  std::to_string(first + static_cast<size_t>(outside - values.begin())));
}

void write_part(NewFile& file, std::span<const float> values, const Target& target) {
  if (!target.round) return file.write(std::as_bytes(values));
  std::array<uint16_t, 4096> block;
  while (!values.empty()) {
    const auto part = values.first(std::min(values.size(), block.size()));
    std::transform(part.begin(), part.end(), block.begin(), target.round);
    file.write(std::as_bytes(std::span(block).first(part.size())));
    values = values.subspan(part.size());
  }
}

void write_values(NewFile& file, const std::string& name, std::span<const float> values,
                  const Target& target, Watch& watch) {
  for (size_t first = 0; first < values.size(); first += part_size) {
    const auto part = values.subspan(first, std::min(part_size, values.size() - first));
    expect_range(name, part, first, target);
    write_part(file, part, target);
    watch.spend(part.size());
  }
}

}  // namespace

void write_safetensors(const std::filesystem::path& path, const Weights& weights,
                       std::span<const std::string> names, const SafetensorsOptions& options) {
  const Target target = find_target(path.string(), options.type);
  const std::string header = header_text(weights, names, options);
  NewFile file(path);
  file.write(length_text(header.size()));
  file.write(header);
  Watch watch(options.check, check_interval);
  for (const auto& name : names) {
    const Tensor tensor = weights.f32(name);
    write_values(file, name, tensor.values(), target, watch);
    weights.release(name);
  }
  file.commit();
}

void save_safetensors(const std::filesystem::path& file,
                      const std::map<std::string, Tensor>& tensors,
                      const SafetensorsOptions& options) {
  const auto borrowed = std::make_shared<const weights::WeightStorage>();
  Weights weights;
  for (const auto& [name, tensor] : tensors) {
    WeightsAccess::insert(
        weights, name, {DataType::f32, tensor.shape(), std::as_bytes(tensor.values())}, borrowed);
  }
  write_safetensors(file, weights, weights.names(), options);
}

}  // namespace locus
