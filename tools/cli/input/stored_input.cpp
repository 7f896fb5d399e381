#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.hpp"
#include "tools/cli/input/trace_input.hpp"
#include "tools/cli/terminal/terminal.hpp"

namespace locus::cli {
namespace {

using Names = std::vector<std::string>;

/// What inputs are called here and in transformers.
const Names id_names{"ids", "input_ids"};
const Names type_names{"type_ids", "token_type_ids"};
const Names position_names{"position_ids"};
const Names decoder_names{"decoder_ids", "decoder_input_ids"};
const Names feature_names{"features", "pixel_values"};

/// The first of these names that the file has; empty for none.
std::string name_in(const Weights& file, const Names& names) {
  for (const std::string& name : names) {
    if (file.contains(name)) return name;
  }
  return {};
}

template <typename Stored>
std::vector<double> numbers_of(std::span<const std::byte> bytes) {
  std::vector<Stored> values(bytes.size() / sizeof(Stored));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(Stored));
  return {values.begin(), values.end()};
}

std::vector<double> find_numbers(const Weights& file, const Names& names) {
  const std::string name = name_in(file, names);
  if (name.empty()) return {};
  const DataType type = file.at(name).type;
  if (type == DataType::i64) return numbers_of<int64_t>(file.load(name));
  if (type == DataType::i32) return numbers_of<int32_t>(file.load(name));
  const Tensor values = file.f32(name);
  return {values.values().begin(), values.values().end()};
}

std::vector<int32_t> find_ids(const Weights& file, const Names& names) {
  std::vector<int32_t> ids;
  for (const double value : find_numbers(file, names)) {
    if (value != std::floor(value) || std::abs(value) > 1e9) {
      throw Error(name_in(file, names), "whole numbers", significant(value, 9));
    }
    ids.push_back(static_cast<int32_t>(value));
  }
  return ids;
}

/// [rows, width], or [height, width, colours] of an image; transformers' is [1, colours, ...].
FeatureRows find_features(const Model& model, const Weights& file) {
  const GraphInput wanted = model.graph()->input();
  const std::string name = name_in(file, feature_names);
  if (name.empty() || wanted.kind == GraphInput::Kind::ids) return {};
  const bool map = wanted.kind == GraphInput::Kind::map;
  const Tensor tensor = file.f32(name);
  Shape shape = tensor.shape();
  if (shape.size() == (map ? 4 : 3) && shape.front() == 1) shape.erase(shape.begin());
  std::vector<float> values(tensor.values().begin(), tensor.values().end());
  const bool turned = map && name == "pixel_values" && shape.size() == 3;
  if (turned) {
    const int64_t colours = shape[0], cells = shape[1] * shape[2];
    for (int64_t i = 0; i < tensor.count(); ++i) {
      values[i % cells * colours + i / cells] = tensor.data()[i];
    }
    shape = {shape[1], shape[2], colours};
  }
  if (shape.size() != (map ? 3 : 2)) return {};  // a node's rows without the image's sizes
  if (shape.back() != wanted.width) {
    throw Error(name, "features of width " + std::to_string(wanted.width), to_string(shape));
  }
  FeatureRows rows{{}, std::move(values)};
  if (map) rows.map = {shape[0], shape[1]};
  return rows;
}

template <typename Value>
void add_row(const std::string& name, const std::vector<Value>& values, Tensors& tensors) {
  if (values.empty()) return;
  const std::vector<float> row(values.begin(), values.end());  // ids are exact below 2^24
  tensors.emplace(name, Tensor({static_cast<int64_t>(row.size())}, row));
}

}  // namespace

Tensors input_tensors(const Model& model, const TraceInput& input) {
  Tensors tensors;
  add_row(id_names.front(), input.model.ids, tensors);
  add_row(type_names.front(), input.model.type_ids, tensors);
  add_row(position_names.front(), input.positions, tensors);
  add_row(decoder_names.front(), input.decoder_ids, tensors);
  const auto& [map, values] = input.model.features;
  if (values.empty()) return tensors;
  const int64_t width = model.graph()->input().width;
  const bool image = model.graph()->input().kind == GraphInput::Kind::map;
  const Shape shape = image ? Shape{map.height, map.width, width}
                            : Shape{static_cast<int64_t>(values.size()) / width, width};
  tensors.emplace(feature_names.front(), Tensor(shape, values));
  return tensors;
}

TraceInput stored_input(const Model& model, const Weights& file) {
  TraceInput input;
  if (model.graph()->input().kind == GraphInput::Kind::ids) {
    input.model.ids = find_ids(file, id_names);
    input.model.type_ids = find_ids(file, type_names);
  }
  input.model.features = find_features(model, file);
  for (const double value : find_numbers(file, position_names)) {
    input.positions.push_back(static_cast<float>(value));
  }
  input.decoder_ids = find_ids(file, decoder_names);
  return input;
}

bool is_input_name(const std::string& name) {
  for (const Names* names :
       {&id_names, &type_names, &position_names, &decoder_names, &feature_names}) {
    if (std::ranges::find(*names, name) != names->end()) return true;
  }
  return false;
}

}  // namespace locus::cli
