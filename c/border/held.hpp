// What a call returns: a plain structure for C, and behind it all that its pointers lead to.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace locus::c {

/// Keeps what the pointers of a result lead to.
class Storage {
 public:
  template <class T>
  const T* keep(std::vector<T> values) {
    const auto kept = std::make_shared<const std::vector<T>>(std::move(values));
    kept_.push_back(kept);
    return kept->data();
  }

  const char* keep(std::string text) {
    const auto kept = std::make_shared<const std::string>(std::move(text));
    kept_.push_back(kept);
    return kept->c_str();
  }

  const char* const* keep(std::vector<std::string> texts) {
    const auto kept = std::make_shared<const std::vector<std::string>>(std::move(texts));
    kept_.push_back(kept);
    std::vector<const char*> pointers;
    for (const std::string& text : *kept) pointers.push_back(text.c_str());
    return keep(std::move(pointers));
  }

 private:
  std::vector<std::shared_ptr<const void>> kept_;
};

/// Stands before every result, so that one function frees them all.
struct alignas(std::max_align_t) Header {
  void (*destroy)(Header*) noexcept = nullptr;
};

/// A result with its storage. C sees `value` alone.
template <class Result>
struct Held {
  Header header{[](Header* header) noexcept { delete reinterpret_cast<Held*>(header); }};
  alignas(Header) Result value{};
  Storage storage;
};

inline void destroy(void* value) noexcept {
  if (!value) return;
  auto* header = reinterpret_cast<Header*>(static_cast<std::byte*>(value) - sizeof(Header));
  header->destroy(header);
}

}  // namespace locus::c
