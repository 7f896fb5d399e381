// A file as memory, read where it is asked for.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

namespace locus {

class FileDescriptor;

/// A regular file, held open, with an address for each of its bytes. It is read and never mapped:
/// a file that another program shortens ends no program, and bytes that were read stay as they
/// were. Threads may share it.
class FileBytes {
 public:
  /// Reads nothing yet. Throws Error that names the file.
  explicit FileBytes(const std::filesystem::path& file);
  ~FileBytes();
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  /// Where the file's bytes have their place. Only those that `load` read may be looked at.
  std::span<const std::byte> bytes() const { return {start_, size_}; }
  /// Reads a part that was not read yet. Throws Error where the file has another size or time of
  /// change than when it was opened, here and in `copy`.
  void load(std::span<const std::byte> part) const;
  /// Reads a part to another place, and keeps nothing of it.
  void copy(std::span<const std::byte> part, std::span<std::byte> to) const;
  /// Gives back the memory of what lies wholly within `part`, which no thread may look at
  /// meanwhile.
  void release(std::span<const std::byte> part) const;

 private:
  struct Chunks {
    size_t first, last;  // [first, last)
  };
  struct Identity {
    int64_t size = 0, seconds = 0, nanoseconds = 0;
    bool operator==(const Identity&) const = default;
  };

  Identity identity() const;
  void reserve();
  void read(size_t offset, std::span<std::byte> to) const;
  void load_missing(Chunks chunks) const;

  std::unique_ptr<const FileDescriptor> file_;
  Identity opened_;
  std::byte* start_ = nullptr;
  size_t size_ = 0;
  size_t chunk_ = 0;                                 // bytes that are read together
  std::unique_ptr<std::atomic<uint8_t>[]> present_;  // for each chunk
  mutable std::mutex reading_;
};

/// What often lies where a checkpoint should, for messages: an empty file, a pointer of Git LFS, a
/// page of HTML, a GGUF file. Nothing for any other. Looks at the first 64 bytes.
std::optional<std::string> known_stand_in(std::span<const std::byte> bytes);

}  // namespace locus
