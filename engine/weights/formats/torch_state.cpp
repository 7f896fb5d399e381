#include "engine/weights/formats/torch_state.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "engine/weights/strided.hpp"

namespace locus::weights {
namespace {

constexpr std::string_view ordered_dict = "collections.OrderedDict";
constexpr std::string_view rebuild_tensor = "torch._utils._rebuild_tensor_v2";
constexpr std::string_view rebuild_parameter = "torch._utils._rebuild_parameter";
constexpr std::string_view size_global = "torch.Size";

struct StorageType {
  std::string_view global;
  DataType type;
};

constexpr std::array storage_types{
    StorageType{"torch.FloatStorage", DataType::f32},
    StorageType{"torch.HalfStorage", DataType::f16},
    StorageType{"torch.BFloat16Storage", DataType::bf16},
    StorageType{"torch.DoubleStorage", DataType::f64},
    StorageType{"torch.LongStorage", DataType::i64},
    StorageType{"torch.IntStorage", DataType::i32},
    StorageType{"torch.ShortStorage", DataType::i16},
    StorageType{"torch.CharStorage", DataType::i8},
    StorageType{"torch.ByteStorage", DataType::u8},
    StorageType{"torch.BoolStorage", DataType::boolean},
    StorageType{"torch.storage.UntypedStorage", DataType::u8},
};

class StateReader {
 public:
  explicit StateReader(const Pickle& pickle) : pickle_(pickle) {}

  std::vector<TorchTensor> read() const {
    const auto pairs = pairs_of(pickle_.root());
    std::vector<TorchTensor> tensors;
    for (size_t i = 0; i < pairs.size(); i += 2) {
      const PickleValue& key = pickle_.at(pairs[i]);
      pickle_.expect(pickle_.who() + ": a name", key, PickleKind::text);
      expect_tensor_name(pickle_.who(), key.text);
      tensors.push_back(read_named(std::string(key.text), pickle_.at(pairs[i + 1])));
    }
    return tensors;
  }

 private:
  bool is_call_of(const PickleValue& value, std::string_view global) const {
    return value.kind == PickleKind::call && pickle_.at(value.items[0]).text == global;
  }

  const PickleValue& part(const std::string& at, const PickleValue& value, size_t index,
                          PickleKind kind) const {
    const PickleValue& found = pickle_.item(at, value, index);
    pickle_.expect(at, found, kind);
    return found;
  }

  // Python 2 gives the pairs to the constructor, Python 3 sets them afterwards.
  std::vector<uint32_t> pairs_of(const PickleValue& value) const {
    const std::string& at = pickle_.who();
    if (value.kind == PickleKind::dict) return value.items;
    if (!is_call_of(value, ordered_dict)) {
      throw Error(at, "a dict of tensors", to_string(value.kind));
    }
    std::vector<uint32_t> pairs;
    const PickleValue& arguments = pickle_.at(value.items[1]);
    if (!arguments.items.empty()) {
      const PickleValue& list = part(at, arguments, 0, PickleKind::list);
      for (uint32_t place : list.items) {
        const PickleValue& pair = pickle_.at(place);
        if (pair.items.size() != 2) throw Error(at, "pairs in a dict", to_string(pair.kind));
        pairs.insert(pairs.end(), pair.items.begin(), pair.items.end());
      }
    }
    pairs.insert(pairs.end(), value.items.begin() + 2, value.items.end());
    return pairs;
  }

  TorchTensor read_named(const std::string& name, const PickleValue& value) const {
    const std::string at = pickle_.who() + ": " + name;
    const PickleValue* call = &value;
    if (is_call_of(value, rebuild_parameter)) {
      call = &pickle_.item(at, pickle_.at(value.items[1]), 0);
    }
    if (!is_call_of(*call, rebuild_tensor)) throw Error(at, "a tensor", to_string(call->kind));
    TorchTensor tensor = read_tensor(at, pickle_.at(call->items[1]));
    tensor.name = name;
    return tensor;
  }

  // storage, offset, sizes, strides, requires_grad, hooks and, in new files, metadata.
  TorchTensor read_tensor(const std::string& at, const PickleValue& arguments) const {
    TorchTensor tensor;
    tensor.storage = read_storage(at, part(at, arguments, 0, PickleKind::reference));
    tensor.offset = part(at, arguments, 1, PickleKind::integer).integer;
    tensor.shape = read_sizes(at, pickle_.item(at, arguments, 2));
    tensor.strides = read_sizes(at, pickle_.item(at, arguments, 3));
    if (arguments.items.size() > 6) {
      const PickleValue& metadata = pickle_.at(arguments.items[6]);
      const bool plain = metadata.kind == PickleKind::none || metadata.items.empty();
      if (!plain) throw Error(at, "a tensor without metadata", to_string(metadata.kind));
    }
    check_place(at, tensor);
    return tensor;
  }

  // ("storage", type, key, location, count) and, in the older form, the storage that it views.
  TorchStorage read_storage(const std::string& at, const PickleValue& reference) const {
    const PickleValue& identity = part(at, reference, 0, PickleKind::tuple);
    if (part(at, identity, 0, PickleKind::text).text != "storage") {
      throw Error(at, "a storage", "'" + shown_ascii(pickle_.at(identity.items[0]).text) + "'");
    }
    const std::string_view global = part(at, identity, 1, PickleKind::global).text;
    const auto type = std::ranges::find(storage_types, global, &StorageType::global);
    if (type == storage_types.end()) throw Error(at, "a type of storage", global);
    TorchStorage storage;
    storage.type = type->type;
    storage.key = part(at, identity, 2, PickleKind::text).text;
    storage.count = part(at, identity, 4, PickleKind::integer).integer;
    if (storage.count < 0) {
      throw Error(at, "a storage of 0 or more values", std::to_string(storage.count));
    }
    if (identity.items.size() > 5) part(at, identity, 5, PickleKind::none);
    return storage;
  }

  std::vector<int64_t> read_sizes(const std::string& at, const PickleValue& value) const {
    const PickleValue& list =
        is_call_of(value, size_global) ? pickle_.item(at, pickle_.at(value.items[1]), 0) : value;
    pickle_.expect(at, list, PickleKind::tuple);
    if (list.items.size() > max_stored_rank) {
      throw Error(at, "a rank of at most 8", std::to_string(list.items.size()));
    }
    std::vector<int64_t> sizes;
    for (size_t i = 0; i < list.items.size(); ++i) {
      sizes.push_back(part(at, list, i, PickleKind::integer).integer);
    }
    return sizes;
  }

  static void check_place(const std::string& at, const TorchTensor& tensor) {
    const auto negative = [](int64_t size) { return size < 0; };
    if (tensor.offset < 0 || std::ranges::any_of(tensor.shape, negative) ||
        std::ranges::any_of(tensor.strides, negative) ||
        tensor.shape.size() != tensor.strides.size()) {
      throw Error(at, "an offset, sizes and as many strides of 0 or more",
                  std::to_string(tensor.offset) + ", " + to_string(tensor.shape) + " and " +
                      to_string(tensor.strides));
    }
    const auto span = span_of_values(tensor.shape, tensor.strides);
    const int64_t room = tensor.storage.count - tensor.offset;
    if (span && *span <= room) return;
    if (span && *span == 0) return;  // nothing lies anywhere
    throw Error(
        at, to_string(tensor.shape) + " within " + std::to_string(tensor.storage.count) + " values",
        "values up to " + (span ? std::to_string(*span - 1) + " after " : "2^63 after ") +
            std::to_string(tensor.offset));
  }

  const Pickle& pickle_;
};

}  // namespace

std::span<const std::string_view> torch_globals() {
  static const std::vector<std::string_view> globals = [] {
    std::vector<std::string_view> names{ordered_dict, rebuild_tensor, rebuild_parameter,
                                        size_global};
    for (const StorageType& type : storage_types) names.push_back(type.global);
    return names;
  }();
  return globals;
}

std::vector<TorchTensor> read_torch_state(const Pickle& pickle) {
  return StateReader(pickle).read();
}

}  // namespace locus::weights
