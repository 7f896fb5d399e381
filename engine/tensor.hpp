// Owned f32 tensors and strided views of them.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace locus {

/// Sizes of a tensor, outermost first.
using Shape = std::vector<int64_t>;

/// Tensors of more axes are refused where they are read.
inline constexpr size_t max_stored_rank = 8;

/// `[768, 3072]`
std::string to_string(const Shape& shape);

/// Throws Error where a shape is not the expected one (-1 accepts any size).
void check_shape(const std::string& who, const Shape& shape, const Shape& expected);

/// Product of the sizes. Throws Error when it overflows or a size is negative.
int64_t element_count(const Shape& shape);

/// A strided window of rank 1 to 4 over values that somebody else owns. Strides count elements;
/// the innermost stride is 1, any other may be 0 (one key head read by a group of query heads).
template <typename T>
struct BasicView {
  static constexpr int max_rank = 4;
  T* data = nullptr;
  int rank = 0;
  std::array<int64_t, max_rank> sizes{};
  std::array<int64_t, max_rank> strides{};

  BasicView() = default;
  BasicView(T* values, std::initializer_list<int64_t> dimensions) : data(values) {
    for (int64_t size : dimensions) sizes[rank++] = size;
    int64_t stride = 1;
    for (int axis = rank - 1; axis >= 0; --axis) {
      strides[axis] = stride;
      stride *= sizes[axis];
    }
  }
  BasicView(T* values, std::initializer_list<int64_t> dimensions,
            std::initializer_list<int64_t> steps)
      : data(values) {
    for (int64_t size : dimensions) sizes[rank++] = size;
    int axis = 0;
    for (int64_t step : steps) strides[axis++] = step;
  }
  /// A view of constants from a view of values.
  template <typename U>
  requires(std::is_same_v<const U, T> && !std::is_same_v<U, T>) BasicView(const BasicView<U>& other)
      : data(other.data), rank(other.rank), sizes(other.sizes), strides(other.strides) {}

  int64_t size(int axis) const { return sizes[axis]; }
  int64_t stride(int axis) const { return strides[axis]; }
  int64_t count() const {
    int64_t product = 1;
    for (int axis = 0; axis < rank; ++axis) product *= sizes[axis];
    return product;
  }

  /// The sub-view at `index` of the outermost axis.
  BasicView operator[](int64_t index) const {
    assert(rank > 1 && index >= 0 && index < sizes[0]);
    BasicView inner;
    inner.data = data + index * strides[0];
    inner.rank = rank - 1;
    for (int axis = 1; axis < rank; ++axis) {
      inner.sizes[axis - 1] = sizes[axis];
      inner.strides[axis - 1] = strides[axis];
    }
    return inner;
  }
  /// Rows [begin, end) of `axis`.
  BasicView slice(int axis, int64_t begin, int64_t end) const {
    assert(axis < rank && begin >= 0 && begin <= end && end <= sizes[axis]);
    BasicView part = *this;
    part.data = data + begin * strides[axis];
    part.sizes[axis] = end - begin;
    return part;
  }
  /// The row of a matrix as a span.
  std::span<T> row(int64_t index) const {
    assert(rank == 2 && index >= 0 && index < sizes[0]);
    return {data + index * strides[0], static_cast<size_t>(sizes[1])};
  }
  T& operator()(int64_t i) const { return data[i * strides[0]]; }
  T& operator()(int64_t i, int64_t j) const { return data[i * strides[0] + j * strides[1]]; }
  T& operator()(int64_t i, int64_t j, int64_t l) const {
    return data[i * strides[0] + j * strides[1] + l * strides[2]];
  }
};

using View = BasicView<float>;
using ConstView = BasicView<const float>;

/// An owned, contiguous f32 tensor whose values start at a 64-byte boundary. Move-only.
class Tensor {
 public:
  Tensor() = default;
  /// Zeroes of the given shape.
  explicit Tensor(Shape shape);
  /// Throws Error when the number of values is not the shape's.
  Tensor(Shape shape, std::span<const float> values);

  const Shape& shape() const { return shape_; }
  int64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  float* data() { return values_.get(); }
  const float* data() const { return values_.get(); }
  std::span<float> values() & { return {values_.get(), static_cast<size_t>(count_)}; }
  std::span<const float> values() const& { return {values_.get(), static_cast<size_t>(count_)}; }
  std::span<const float> values() const&& = delete;  // a loop over a temporary's values dangles
  View view();
  ConstView view() const;
  Tensor clone() const { return Tensor(shape_, values()); }

 private:
  struct Release {
    int64_t bytes;
    void operator()(float* values) const;
  };
  Shape shape_;
  int64_t count_ = 0;
  std::unique_ptr<float[], Release> values_;
};

}  // namespace locus
