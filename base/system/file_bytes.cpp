// The POSIX way.
#include "base/file_bytes.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "base/error.hpp"
#include "base/system/file_descriptor.hpp"

namespace locus {
namespace {

constexpr size_t min_chunk = size_t{16} << 10;

}  // namespace

FileBytes::FileBytes(const std::filesystem::path& file)
    : file_(std::make_unique<const FileDescriptor>(file)),
      opened_(identity()),
      size_(static_cast<size_t>(opened_.size)) {
  if (size_ > 0) reserve();  // no memory has a size of zero
}

FileBytes::~FileBytes() {
  if (start_) ::munmap(start_, size_);
}

FileBytes::Identity FileBytes::identity() const {
  const struct stat status = file_->status();
  return {status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

// Addresses alone: memory comes with what is read.
void FileBytes::reserve() {
  chunk_ = std::max(min_chunk, static_cast<size_t>(::sysconf(_SC_PAGESIZE)));
  present_ = std::make_unique<std::atomic<uint8_t>[]>((size_ + chunk_ - 1) / chunk_);
  void* const start = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED) {
    throw Error(file_->name(), "addresses for " + std::to_string(size_) + " bytes",
                std::strerror(errno));
  }
  start_ = static_cast<std::byte*>(start);
  ::madvise(start_, size_, MADV_NOHUGEPAGE);  // a row that is looked up is not to cost 2 MB
}

void FileBytes::read(size_t offset, std::span<std::byte> to) const {
  const size_t count = file_->read(offset, to);
  // Asked afterwards: who writes into a file changes its time first.
  if (count == to.size() && identity() == opened_) return;
  throw Error(file_->name(), "the file as it was when it was opened", "one that was changed since");
}

void FileBytes::load(std::span<const std::byte> part) const {
  if (part.empty()) return;
  const auto begin = static_cast<size_t>(part.data() - start_);
  const Chunks chunks{begin / chunk_, (begin + part.size() + chunk_ - 1) / chunk_};
  for (size_t chunk = chunks.first; chunk < chunks.last; ++chunk) {
    if (!present_[chunk].load(std::memory_order_acquire)) return load_missing({chunk, chunks.last});
  }
}

void FileBytes::load_missing(Chunks chunks) const {
  const std::lock_guard lock(reading_);
  for (size_t first = chunks.first; first < chunks.last;) {
    size_t last = first;
    while (last < chunks.last && !present_[last].load(std::memory_order_relaxed)) ++last;
    if (last > first) {
      const size_t begin = first * chunk_, end = std::min(last * chunk_, size_);
      read(begin, {start_ + begin, end - begin});
      for (; first < last; ++first) present_[first].store(1, std::memory_order_release);
    } else {
      ++first;
    }
  }
}

void FileBytes::copy(std::span<const std::byte> part, std::span<std::byte> to) const {
  if (!part.empty()) read(static_cast<size_t>(part.data() - start_), to.first(part.size()));
}

void FileBytes::release(std::span<const std::byte> part) const {
  if (part.empty()) return;
  const std::lock_guard lock(reading_);
  const auto begin = static_cast<size_t>(part.data() - start_), end = begin + part.size();
  const Chunks chunks{(begin + chunk_ - 1) / chunk_,
                      end == size_ ? (end + chunk_ - 1) / chunk_ : end / chunk_};
  if (chunks.first >= chunks.last) return;
  for (size_t i = chunks.first; i < chunks.last; ++i) present_[i].store(0);
  const size_t first = chunks.first * chunk_, last = std::min(chunks.last * chunk_, size_);
  ::madvise(start_ + first, last - first, MADV_DONTNEED);
}

std::optional<std::string> known_stand_in(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()),
                              std::min<size_t>(bytes.size(), 64));
  const auto begins = [&](std::string_view start) { return text.starts_with(start); };
  if (text.empty()) return "an empty one";
  if (begins("version https://git-lfs")) {
    return "a pointer of Git LFS: the file itself was not fetched";
  }
  if (begins("GGUF")) return "a GGUF file (llama.cpp's; the folder it was made from is read)";
  if (begins("<!DOCTYPE") || begins("<!doctype") || begins("<html")) return "a page of HTML";
  return std::nullopt;
}

}  // namespace locus
