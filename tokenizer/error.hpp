#ifndef LOCUS_ERROR_HPP
#define LOCUS_ERROR_HPP
// The engine and the tokenizer do not know each other, yet a caller catches one type: both headers of
// this name hold this same definition behind this same guard.

#include <stdexcept>
#include <string>

namespace locus {

/// The one exception of the library. The message reads `WHO: expected WHAT, found WHAT`.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  Error(const std::string& who, const std::string& expected, const std::string& found)
      : std::runtime_error(who + ": expected " + expected + ", found " + found) {}
};

}  // namespace locus

#endif
