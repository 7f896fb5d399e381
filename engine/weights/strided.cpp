#include "engine/weights/strided.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "engine/weights/data_type.hpp"

namespace locus {
namespace {

// So many rows at a time that a line of memory which holds a column's values is read once.
constexpr int64_t gathered_rows = 16;

/// The last two axes of a tensor.
struct StoredPlane {
  int64_t rows = 1, columns = 1, row_stride = 0, column_stride = 0;
};

StoredPlane last_plane(const StoredTensor& tensor) {
  StoredPlane plane;
  const size_t rank = tensor.shape.size();
  if (rank > 0) plane.columns = tensor.shape[rank - 1];
  if (rank > 0) plane.column_stride = tensor.strides[rank - 1];
  if (rank > 1) plane.rows = tensor.shape[rank - 2];
  if (rank > 1) plane.row_stride = tensor.strides[rank - 2];
  return plane;
}

// Copies rows to where they lie one after the other.
template <size_t size>
void gather_rows(const std::byte* source, const StoredPlane& plane, std::byte* target) {
  for (int64_t column = 0; column < plane.columns; ++column) {
    for (int64_t row = 0; row < plane.rows; ++row) {
      const int64_t place = row * plane.row_stride + column * plane.column_stride;
      std::memcpy(target + (row * plane.columns + column) * int64_t{size},
                  source + place * int64_t{size}, size);
    }
  }
}

using GatherRows = void (*)(const std::byte*, const StoredPlane&, std::byte*);

GatherRows gather_of(DataType type) {
  switch (size_of(type)) {
    case 8:
      return gather_rows<8>;
    case 4:
      return gather_rows<4>;
    case 2:
      return gather_rows<2>;
    default:
      return gather_rows<1>;
  }
}

// Where each plane of the outer axes begins, in the shape's order.
class PlanePlaces {
 public:
  explicit PlanePlaces(const StoredTensor& tensor)
      : tensor_(tensor), outer_(std::max<size_t>(tensor.shape.size(), 2) - 2), index_(outer_) {}

  int64_t place() const { return place_; }
  bool next() {
    for (size_t axis = outer_; axis-- > 0;) {
      place_ += tensor_.strides[axis];
      if (++index_[axis] < tensor_.shape[axis]) return true;
      place_ -= index_[axis] * tensor_.strides[axis];
      index_[axis] = 0;
    }
    return false;
  }

 private:
  const StoredTensor& tensor_;
  size_t outer_;
  std::vector<int64_t> index_;
  int64_t place_ = 0;
};

}  // namespace

std::vector<int64_t> weights::ordered_strides(const Shape& shape) {
  std::vector<int64_t> strides(shape.size());
  int64_t stride = 1;
  for (size_t axis = shape.size(); axis-- > 0;) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

bool weights::is_ordered(const Shape& shape, std::span<const int64_t> strides) {
  int64_t stride = 1;
  for (size_t axis = shape.size(); axis-- > 0;) {
    if (shape[axis] != 1 && strides[axis] != stride) return false;
    stride *= shape[axis];
  }
  return true;
}

std::optional<int64_t> weights::span_of_values(const Shape& shape,
                                               std::span<const int64_t> strides) {
  int64_t last = 0;
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    int64_t way = 0;
    if (shape[axis] == 0) return 0;
    if (__builtin_mul_overflow(shape[axis] - 1, strides[axis], &way)) return std::nullopt;
    if (__builtin_add_overflow(last, way, &last)) return std::nullopt;
  }
  return __builtin_add_overflow(last, 1, &last) ? std::nullopt : std::optional(last);
}

void weights::widen_strided(std::string_view who, const StoredTensor& tensor,
                            std::span<float> values) {
  const StoredPlane whole = last_plane(tensor);
  const int64_t size = size_of(tensor.type);
  const GatherRows gather = gather_of(tensor.type);
  std::vector<std::byte> rows(static_cast<size_t>(gathered_rows * whole.columns * size));
  PlanePlaces planes(tensor);
  do {
    for (int64_t row = 0; row < whole.rows; row += gathered_rows) {
      StoredPlane tile = whole;
      tile.rows = std::min(gathered_rows, whole.rows - row);
      const auto count = static_cast<size_t>(tile.rows * tile.columns);
      gather(tensor.place.data() + (planes.place() + row * whole.row_stride) * size, tile,
             rows.data());
      const auto gathered = std::span(rows).first(count * static_cast<size_t>(size));
      weights::widen(who, {tensor.type, {tile.rows, tile.columns}, gathered}, values.first(count));
      values = values.subspan(count);
    }
  } while (planes.next());
}

StoredTensor transposed(std::string_view who, const StoredTensor& matrix) {
  if (matrix.shape.size() != 2) throw Error(who, "a matrix", to_string(matrix.shape));
  StoredTensor other = matrix;
  if (other.strides.empty()) other.strides = weights::ordered_strides(other.shape);
  std::swap(other.shape[0], other.shape[1]);
  std::swap(other.strides[0], other.strides[1]);
  if (weights::is_ordered(other.shape, other.strides)) other.strides.clear();
  return other;
}

}  // namespace locus
