// Work on many pixels that a caller may end.
#pragma once

#include <cstddef>
#include <utility>

#include "images/image.hpp"

namespace locus::images {

/// Asks a caller now and then whether work shall go on.
class Work {
 public:
  static constexpr size_t between = size_t{1} << 20;  // values of pixels from one time to the next

  /// An empty check lets it go on.
  explicit Work(ImageCheck check = {}) : check_(std::move(check)) {}

  void done(size_t values) {
    since_ += values;
    if (since_ < between) return;
    since_ = 0;
    if (check_) check_();
  }

 private:
  ImageCheck check_;
  size_t since_ = 0;
};

}  // namespace locus::images
