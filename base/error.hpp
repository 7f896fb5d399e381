// The one exception type of Locus. It stands alone so that every library may use it.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace locus {

/// Bytes as one line that a terminal shows and does not obey: control characters, ends of lines,
/// changes of direction and bytes that are not UTF-8 become `\n`, `\x1b`, `\u202e`.
std::string printable(std::string_view bytes);

/// Every failure of the library. The message is one printable line: `WHO: expected WHAT, found
/// WHAT`, where WHO and what was found are cut at 1,024 bytes, what was expected at 4,096.
class Error : public std::runtime_error {
 public:
  explicit Error(std::string_view message);
  Error(std::string_view who, std::string_view expected, std::string_view found);

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

/// For the `catch (...)` of a public function. Exceptions of std and of third-party libraries
/// become an Error, also where the caller's hook threw them; exceptions of the caller's own types
/// pass unchanged.
[[noreturn]] void throw_as_error(std::string_view who);

}  // namespace locus
