// The one exception type of Locus. It stands alone so that every library may use it.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace locus {

/// Every failure of the library. The message is one line: `WHO: expected WHAT, found WHAT`.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}

  Error(std::string_view who, std::string_view expected, std::string_view found)
      : std::runtime_error(std::string(who) + ": expected " + std::string(expected) + ", found " +
                           std::string(found)) {}

  /// The error that a run ends with after `Session::cancel`.
  static Error cancellation() {
    Error error("run: cancelled");
    error.cancelled_ = true;
    return error;
  }

  bool cancelled() const noexcept { return cancelled_; }

 private:
  bool cancelled_ = false;
};

}  // namespace locus
