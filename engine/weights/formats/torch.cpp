#include "engine/weights.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "base/error.hpp"
#include "engine/weights/data_type.hpp"
#include "engine/weights/formats/shards.hpp"
#include "engine/weights/formats/torch_state.hpp"
#include "engine/weights/formats/zip_archive.hpp"
#include "engine/weights/storage.hpp"
#include "engine/weights/strided.hpp"

namespace locus {
namespace {

using Bytes = std::span<const std::byte>;
using Storages = std::map<std::string, Bytes>;
using FilePointer = std::shared_ptr<const weights::FileStorage>;

std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

int64_t bytes_of(const std::string& at, const weights::TorchStorage& storage) {
  const auto bytes = weights::checked_product(size_of(storage.type), {storage.count});
  if (!bytes) throw Error(at, "a storage below 2^63 bytes", std::to_string(storage.count));
  return *bytes;
}

// A view may repeat values; it must not make much out of a small file.
void expect_modest(const std::string& at, const weights::TorchTensor& tensor, size_t file_bytes) {
  const auto bytes = weights::checked_product(size_of(tensor.storage.type), tensor.shape);
  if (bytes && *bytes <= static_cast<int64_t>(file_bytes)) return;
  throw Error(at,
              "no more values than its file has room for, " + std::to_string(file_bytes) + " bytes",
              std::string(to_string(tensor.storage.type)) + " " + to_string(tensor.shape));
}

StoredTensor place_tensor(const std::string& at, const weights::TorchTensor& tensor,
                          Bytes storage) {
  if (static_cast<int64_t>(storage.size()) != bytes_of(at, tensor.storage)) {
    throw Error(at, "a storage of " + std::to_string(bytes_of(at, tensor.storage)) + " bytes",
                std::to_string(storage.size()));
  }
  const int64_t count = *weights::span_of_values(tensor.shape, tensor.strides);
  if (count == 0) return {tensor.storage.type, tensor.shape, {}};
  StoredTensor stored{tensor.storage.type, tensor.shape, {}, tensor.strides};
  if (weights::is_ordered(stored.shape, stored.strides)) stored.strides.clear();
  const auto size = static_cast<size_t>(size_of(stored.type));
  stored.place =
      storage.subspan(static_cast<size_t>(tensor.offset) * size, static_cast<size_t>(count) * size);
  return stored;
}

Weights collect(const std::string& who, const std::vector<weights::TorchTensor>& tensors,
                const Storages& storages, const FilePointer& file) {
  Weights weights;
  for (const weights::TorchTensor& tensor : tensors) {
    const std::string at = who + ": " + tensor.name;
    expect_modest(at, tensor, file->bytes().size());
    const auto storage = storages.find(tensor.storage.key);
    if (storage == storages.end()) {
      throw Error(at, "a storage '" + weights::shown_ascii(tensor.storage.key) + "'", "none");
    }
    WeightsAccess::insert(weights, tensor.name, place_tensor(at, tensor, storage->second), file);
  }
  return weights;
}

// The folder that holds everything: `archive/`, or a name like the file's.
std::string archive_folder(const std::string& who, const Storages& entries) {
  constexpr std::string_view pickle = "/data.pkl";
  for (const auto& [name, bytes] : entries) {
    const bool found = name.ends_with(pickle) && name.find('/') + pickle.size() == name.size();
    if (found) return name.substr(0, name.find('/') + 1);
  }
  throw Error(who, "an entry FOLDER/data.pkl", "none");
}

void expect_little_endian(const std::string& who, const std::string& name, const Storages& entries,
                          const FileBytes& file) {
  const auto order = entries.find(name);
  if (order == entries.end()) return;
  const Bytes bytes = order->second.first(std::min<size_t>(order->second.size(), 64));
  file.load(bytes);
  if (text_of(bytes) == "little") return;
  throw Error(who, "little-endian values", "'" + weights::shown_ascii(text_of(bytes)) + "'");
}

Weights open_zip(const std::string& who, const FilePointer& file) {
  const Storages entries = weights::read_zip_archive(who, *file);
  const std::string folder = archive_folder(who, entries), data = folder + "data/";
  expect_little_endian(who, folder + "byteorder", entries, *file);
  const Bytes pickle = entries.at(folder + "data.pkl");
  file->load(pickle);
  weights::ByteReader reader(who + ": data.pkl", pickle);
  const auto tensors =
      weights::read_torch_state(weights::read_pickle(reader, weights::torch_globals()));
  Storages storages;
  for (const auto& [name, bytes] : entries) {
    if (name.starts_with(data)) storages[name.substr(data.size())] = bytes;
  }
  return collect(who, tensors, storages, file);
}

// Three pickles stand before the state: a number that marks the form, its version, the system.
void read_legacy_head(weights::ByteReader& reader) {
  constexpr std::string_view magic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
  const weights::Pickle mark = weights::read_pickle(reader, {});
  if (mark.root().kind != weights::PickleKind::big || mark.root().text != magic) {
    throw Error(reader.who(), "the number that torch.save begins with", "another value");
  }
  const weights::Pickle version = weights::read_pickle(reader, {});
  constexpr int64_t known_version = 1001;
  if (version.root().integer != known_version) {
    throw Error(reader.who(), "version 1001 of the legacy form",
                std::to_string(version.root().integer));
  }
  const weights::Pickle system = weights::read_pickle(reader, {});
  const auto& items = system.root().items;
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    const bool order = system.at(items[i]).text == "little_endian";
    if (order && system.at(items[i + 1]).integer == 0) {
      throw Error(reader.who(), "little-endian values", "big-endian ones");
    }
  }
}

// By key; a key stands for one storage.
std::map<std::string, weights::TorchStorage> storages_of(
    const std::string& who, const std::vector<weights::TorchTensor>& tensors) {
  std::map<std::string, weights::TorchStorage> storages;
  for (const weights::TorchTensor& tensor : tensors) {
    const weights::TorchStorage& own = tensor.storage;
    const weights::TorchStorage& first = storages.emplace(own.key, own).first->second;
    if (first.type != own.type || first.count != own.count) {
      throw Error(who + ": " + tensor.name, "its storage as other tensors have it", "another");
    }
  }
  return storages;
}

// Behind the pickles: the keys in the order of the storages, each of which begins with its count.
Storages read_legacy_storages(weights::ByteReader& reader,
                              const std::vector<weights::TorchTensor>& tensors) {
  const std::string& who = reader.who();
  const auto known = storages_of(who, tensors);
  const weights::Pickle keys = weights::read_pickle(reader, {});
  keys.expect(who, keys.root(), weights::PickleKind::list);
  Storages storages;
  for (uint32_t place : keys.root().items) {
    keys.expect(who, keys.at(place), weights::PickleKind::text);
    const std::string key(keys.at(place).text);
    const std::string at = who + ": storage '" + weights::shown_ascii(key) + "'";
    const auto storage = known.find(key);
    if (storage == known.end()) throw Error(at, "a tensor in it", "none");
    const auto count = reader.number<int64_t>();
    if (count != storage->second.count) {
      throw Error(at, std::to_string(storage->second.count) + " values", std::to_string(count));
    }
    storages[key] = reader.pass(static_cast<uint64_t>(bytes_of(at, storage->second)));
  }
  if (reader.left() != 0) {
    throw Error(who, "the end after the last storage", std::to_string(reader.left()) + " bytes");
  }
  return storages;
}

Weights open_legacy(const std::string& who, const FilePointer& file) {
  weights::ByteReader reader(who, *file, file->bytes().size());
  read_legacy_head(reader);
  const auto tensors =
      weights::read_torch_state(weights::read_pickle(reader, weights::torch_globals()));
  const Storages storages = read_legacy_storages(reader, tensors);
  return collect(who, tensors, storages, file);
}

struct TorchForm {
  std::string_view name, begins;
  Weights (*open)(const std::string& who, const FilePointer& file);
};

constexpr std::array torch_forms{TorchForm{"zip", "PK", open_zip},
                                 TorchForm{"legacy", "\x80", open_legacy}};

std::string_view beginning(const FileBytes& file) {
  const Bytes bytes = file.bytes().first(std::min<size_t>(file.bytes().size(), 64));
  file.load(bytes);
  return text_of(bytes);
}

const TorchForm& find_form(const std::string& who, const FileBytes& file) {
  const std::string_view text = beginning(file);
  for (const TorchForm& form : torch_forms) {
    if (text.starts_with(form.begins)) return form;
  }
  throw Error(who, "a file that torch.save wrote",
              known_stand_in(file.bytes()).value_or("another kind"));
}

Weights open_torch_file(const std::filesystem::path& path) {
  const auto file = std::make_shared<const weights::FileStorage>(path);
  return find_form(path.string(), *file).open(path.string(), file);
}

}  // namespace

bool is_torch_file(const std::filesystem::path& path) {
  const FileBytes file(path);
  const std::string_view text = beginning(file);
  return text.starts_with("PK\x03\x04") || text.starts_with("\x80\x02\x8a\x0a");
}

std::string_view torch_form(const std::filesystem::path& file) {
  return find_form(file.string(), FileBytes(file)).name;
}

Weights open_torch(const std::filesystem::path& file) {
  return weights::is_shard_index(file) ? weights::open_shards(file, open_torch_file)
                                       : open_torch_file(file);
}

}  // namespace locus
