// Keeps a stream, which can be read only once, so that it can be read again.
#pragma once

#include <istream>
#include <memory>

#include "pipelines/document_stream.hpp"

namespace locus::cli {

/// All bytes of a stream: in memory, or in an unnamed temporary file if there are many.
class Spool {
 public:
  /// Throws Error if there is no room for the bytes, and if a signal interrupts the reading.
  explicit Spool(std::istream& stream);
  /// Reads from the beginning.
  ReadBytes open() const;

 private:
  struct Kept;
  std::shared_ptr<const Kept> kept_;
};

}  // namespace locus::cli
