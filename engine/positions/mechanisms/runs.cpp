#include "engine/positions/mechanisms/runs.hpp"

namespace locus::positions {

void check_table(const Shape& shape) {
  if (element_count(shape) > max_table_values) {
    throw Error("encoding", "a table of at most " + std::to_string(max_table_values) + " values",
                to_string(shape));
  }
}

Tensor new_table(const Shape& shape) {
  check_table(shape);
  return Tensor(shape);
}

}  // namespace locus::positions
