// Named tensors as a checkpoint stores them, and references to them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor.hpp"

namespace locus {

enum class DataType { f32, f16, bf16, f64, i64, i32, i16, i8, u32, u16, u8, boolean };

/// Bytes of one value.
int64_t size_of(DataType type);
/// `F32`, `BF16`, ... as safetensors names them.
std::string_view to_string(DataType type);

/// Where a tensor's bytes belong, at any address. Those of a file are not there until
/// `Weights::load` or `f32` has read them.
struct StoredTensor {
  DataType type = DataType::f32;
  Shape shape;
  std::span<const std::byte> place;  ///< of the bytes from the first value to the last
  /// Values from one index of each axis to the next; empty where they lie in the shape's order.
  std::vector<int64_t> strides = {};
};

/// A matrix with its axes exchanged, of the same bytes. Throws Error for other ranks.
StoredTensor transposed(std::string_view who, const StoredTensor& matrix);

/// An immutable collection of named tensors. Copies share the memory: a file stays open while a
/// copy lives. It is read when values are asked for; a file that was changed after it was opened is
/// then an Error.
class Weights {
 public:
  Weights() = default;

  bool contains(std::string_view name) const;
  /// Throws Error `NAME: expected a weight of this name, found none`, naming close matches.
  const StoredTensor& at(std::string_view name) const;
  std::vector<std::string> names() const;  ///< sorted
  size_t size() const;
  /// The tensor's values as f32. Throws Error for types that are not floating-point, for values
  /// that are not finite, and where `verify` does.
  Tensor f32(std::string_view name) const;
  /// Reads values.size() values of a tensor without strides, from index `first` on, as `f32` does;
  /// no others are read. Does not verify.
  void read_f32(std::string_view name, size_t first, std::span<float> values) const;
  /// Throws Error where the file has a checksum of the tensor that its bytes do not have.
  void verify(std::string_view name) const;
  /// Reads the tensor's bytes, which stay readable until they are released.
  std::span<const std::byte> load(std::string_view name) const;
  /// Whether two tensors have the same type, shape and bytes.
  bool same_bytes(std::string_view left, std::string_view right) const;
  /// Gives the memory of the tensor's bytes back, until they are loaded again.
  void release(std::string_view name) const;

  /// Adds a tensor. Throws Error when the name is taken.
  void add(std::string name, Tensor tensor);
  /// Adds a view of a tensor of `other`, whose bytes stay where they are. Throws Error when the
  /// name is taken.
  void add_view(std::string name, StoredTensor view, const Weights& other, std::string_view of);
  /// Adds all tensors of another collection. Throws Error when a name is taken.
  void merge(const Weights& other);
  /// Forgets a tensor.
  void erase(const std::string& name);

 private:
  friend class WeightsAccess;
  struct Entry {
    StoredTensor tensor;
    std::shared_ptr<const void> owner;  // a file, or a Tensor
  };
  std::map<std::string, Entry, std::less<>> entries_;
};

/// Opens a `.safetensors` file, or a `.safetensors.index.json` with its shards. Checks everything
/// that the header claims (lengths, types, products, overlaps, holes, duplicates) and throws Error
/// that names the file and the tensor. A tensor's name has at most 1,024 bytes of printable
/// characters, here and in every other format.
Weights open_safetensors(const std::filesystem::path& file);

/// Opens a state dict that `torch.save` wrote, in its zip form or the one before PyTorch 1.6, or a
/// `.bin.index.json` with its shards.
/// The pickle inside is read as data: nothing of it is executed, and a global that state dicts do
/// not have is refused by its name.
Weights open_torch(const std::filesystem::path& file);

/// `zip` (PyTorch 1.6 and later) or `legacy`, by the file's first bytes. Throws Error where it has
/// neither form.
std::string_view torch_form(const std::filesystem::path& file);
/// Whether a file has either form, by more than its first bytes, which other kinds of files share
/// with it.
bool is_torch_file(const std::filesystem::path& file);

/// Opens the `.index` of a checkpoint as TensorFlow 1 saves variables by name, with its files of
/// data. A variable's checksum is compared when it is read.
Weights open_tensorflow(const std::filesystem::path& index);

/// What `save_safetensors` writes: tensors in f32, f16 or bf16, and text metadata.
struct SafetensorsOptions {
  DataType type = DataType::f32;
  std::map<std::string, std::string> metadata = {};
  /// Called after every million values; what it throws ends the writing, and nothing is left of it.
  std::function<void()> check = {};
};
/// Writes a file that appears by rename when it is complete.
void save_safetensors(const std::filesystem::path& file,
                      const std::map<std::string, Tensor>& tensors,
                      const SafetensorsOptions& options = {});

/// Writes the tensors `names` (sorted) of a collection; one is in memory at a time. Throws Error
/// that names the file, or the tensor whose values do not fit the type.
void write_safetensors(const std::filesystem::path& file, const Weights& weights,
                       std::span<const std::string> names, const SafetensorsOptions& options);

/// Reads `{"name": {"shape": [2, 2], "values": [...]}, ...}` (or nested arrays of numbers).
Weights parse_json_weights(std::string_view who, std::string_view json);
/// The text that `parse_json_weights` reads; every f32 value survives the round trip.
std::string to_json(const Weights& weights);

struct WeightRef;

/// One step from a stored tensor to the tensor that a node wants.
struct WeightStep {
  enum class Kind { reshape, permute, slice, concatenate };
  Kind kind = Kind::reshape;
  std::vector<int64_t>
      sizes;         ///< reshape: sizes, one may be -1; permute: axes; slice: axis, begin, end
  int64_t axis = 0;  ///< concatenate: along this axis
  std::vector<WeightRef> others;  ///< concatenate: appended in order
  bool operator==(const WeightStep&) const = default;
};

/// A stored tensor and a short list of steps: enough for GPT-2's Conv1D (permute [1, 0]), for fused
/// query-key-value products in any interleaving, and for a permutation of rotary pairs.
struct WeightRef {
  std::string name;
  std::vector<WeightStep> steps;
  bool operator==(const WeightRef&) const = default;
};

WeightStep reshape(std::vector<int64_t> sizes);
WeightStep permute(std::vector<int64_t> axes);
WeightStep slice(int64_t axis, int64_t begin, int64_t end);

/// The weight that `ref` describes. Throws Error `NAME: expected .., found ..` when the weight is
/// absent or a step does not fit its shape.
Tensor resolve(const WeightRef& ref, const Weights& weights);
/// Its shape alone, under the same errors; no value is read.
Shape resolved_shape(const WeightRef& ref, const Weights& weights);

}  // namespace locus
