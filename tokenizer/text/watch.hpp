// Work on a long text that a caller may end.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>

namespace locus::tokenization {

/// Asks a caller now and then whether work shall go on: every loop whose length is a text's tells
/// it how far it has come.
class Watch {
 public:
  /// `check` throws to end the work; an empty one lets it go on.
  explicit Watch(std::function<void()> check = {}) : check_(std::move(check)) {}

  /// So many bytes of the text were worked on, or something was done that takes as long.
  void spend(std::size_t bytes) {
    if (bytes < left_) {
      left_ -= bytes;
    } else {
      ask();
    }
  }

  /// At once: for work that a text's bytes say nothing about.
  void ask() {
    left_ = interval;
    if (check_) check_();
  }

 private:
  static constexpr std::size_t interval = std::size_t{1} << 16;
  std::function<void()> check_;
  std::size_t left_ = interval;
};

}  // namespace locus::tokenization
