// Long work that a caller may end.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>

namespace locus {

/// Asks a caller now and then whether work shall go on: every loop whose length is that of an input
/// says how far it has come.
class Watch {
 public:
  static constexpr std::size_t bytes_of_text = std::size_t{1} << 16;
  static constexpr std::size_t values_of_pixels = std::size_t{1} << 20;
  /// Work that goes token by token, or entry by entry of a table (a look-up, a few copies), takes
  /// as long for each as it takes for so many bytes of text.
  static constexpr std::size_t bytes_per_token = 64;
  static constexpr std::size_t random_draws = std::size_t{1} << 18;

  /// `check` throws to end the work; an empty one lets it go on. It is asked each time that
  /// `interval` was spent.
  explicit Watch(std::function<void()> check = {}, std::size_t interval = bytes_of_text)
      : check_(std::move(check)), interval_(interval), left_(interval) {}

  /// Counts `amount` of the input, or other work that takes as long, as done.
  void spend(std::size_t amount) {
    if (amount < left_) {
      left_ -= amount;
    } else {
      ask();
    }
  }

  /// Asks at once: for work whose length does not follow from the input's size.
  void ask() {
    left_ = interval_;
    if (check_) check_();
  }

 private:
  std::function<void()> check_;
  std::size_t interval_;
  std::size_t left_;
};

}  // namespace locus
