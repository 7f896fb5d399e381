// Wrong usage: exit status 2, with a hint.
#pragma once

#include <stdexcept>
#include <string>

namespace locus::cli {

/// What the arguments of a verb do not allow, found after they were parsed.
class UsageError : public std::runtime_error {
 public:
  explicit UsageError(const std::string& message) : std::runtime_error(message) {}
};

}  // namespace locus::cli
