// What can be read once alone, kept to be read again.
#pragma once

#include <istream>
#include <memory>

#include "pipelines/document_stream.hpp"

namespace locus::cli {

/// Everything that a stream has to give: in memory, or in a temporary file without a name.
class Spool {
 public:
  /// Throws Error where there is no room for it, and when a signal has come.
  explicit Spool(std::istream& stream);
  /// Reads from the beginning.
  ReadBytes open() const;

 private:
  struct Kept;
  std::shared_ptr<const Kept> kept_;
};

}  // namespace locus::cli
