#include "engine/tensor.hpp"

#include <algorithm>
#include <limits>
#include <new>

#include "base/error.hpp"
#include "engine/core/pages.hpp"

namespace locus {
namespace {

constexpr std::align_val_t cache_line{64};
constexpr int64_t page = 4096;
constexpr int64_t large = int64_t{1} << 17;  // bytes: from here on the heap is left alone

int64_t bytes_of(int64_t count) {
  int64_t bytes;
  if (__builtin_mul_overflow(count, int64_t{sizeof(float)}, &bytes)) throw std::bad_alloc();
  return bytes;
}

float* zeroes(int64_t bytes) {
  if (bytes >= large) return static_cast<float*>(core::map_pages(bytes, page));
  auto* values = static_cast<float*>(::operator new(bytes, cache_line));
  std::fill_n(values, bytes / int64_t{sizeof(float)}, 0.0f);
  return values;
}

template <typename T, typename Values>
BasicView<T> whole(Values* values, const Shape& shape) {
  BasicView<T> view;
  if (shape.size() > static_cast<size_t>(BasicView<T>::max_rank)) {
    throw Error("tensor view", "a rank of at most 4", to_string(shape));
  }
  view.data = values;
  view.rank = static_cast<int>(shape.size());
  int64_t stride = 1;
  for (int axis = view.rank - 1; axis >= 0; --axis) {
    view.sizes[axis] = shape[axis];
    view.strides[axis] = stride;
    stride *= shape[axis];
  }
  return view;
}

}  // namespace

std::string to_string(const Shape& shape) {
  std::string text = "[";
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    text += (axis ? ", " : "") + std::to_string(shape[axis]);
  }
  return text + "]";
}

int64_t element_count(const Shape& shape) {
  int64_t product = 1;
  for (int64_t size : shape) {
    if (size < 0) throw Error("shape", "sizes of zero or more", to_string(shape));
    if (size > 0 && product > std::numeric_limits<int64_t>::max() / size) {
      throw Error("shape", "a product below 2^63", to_string(shape));
    }
    product *= size;
  }
  return product;
}

void Tensor::Release::operator()(float* values) const {
  if (bytes >= large) return core::unmap_pages(values, bytes);
  ::operator delete(values, cache_line);
}

Tensor::Tensor(Shape shape) : shape_(std::move(shape)), count_(element_count(shape_)) {
  const int64_t bytes = bytes_of(count_);
  values_ = {zeroes(bytes), Release{bytes}};
}

Tensor::Tensor(Shape shape, std::span<const float> values) : Tensor(std::move(shape)) {
  if (static_cast<int64_t>(values.size()) != count_) {
    throw Error("tensor", std::to_string(count_) + " values for " + to_string(shape_),
                std::to_string(values.size()));
  }
  std::copy(values.begin(), values.end(), values_.get());
}

View Tensor::view() { return whole<float>(values_.get(), shape_); }
ConstView Tensor::view() const { return whole<const float>(values_.get(), shape_); }

}  // namespace locus
