// The header of NumPy's array files.
#pragma once

#include <string>
#include <string_view>

#include "engine/tensor.hpp"

namespace locus::cli {

struct NpyHeader {
  std::string type;  ///< `<f4`
  bool fortran_order = false;
  Shape shape;
  size_t data = 0;  ///< offset of the values
};

/// Reads versions 1 to 3. Throws Error that begins with `who`: another file, a header that is cut
/// off, longer than NumPy itself reads (10,000 bytes), or says something else than a type, an order
/// and a shape.
NpyHeader parse_npy_header(const std::string& who, std::string_view content);

}  // namespace locus::cli
