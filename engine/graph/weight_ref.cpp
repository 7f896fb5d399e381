#include "engine/graph/weight_steps.hpp"

#include <algorithm>

namespace locus {
namespace {

using Strides = std::vector<int64_t>;

Strides contiguous(const Shape& sizes) {
  Strides strides(sizes.size());
  int64_t stride = 1;
  for (size_t axis = sizes.size(); axis-- > 0;) {
    strides[axis] = stride;
    stride *= sizes[axis];
  }
  return strides;
}

/// A plane [rows, columns] with any strides, copied to where columns are adjacent.
struct Plane {
  int64_t rows, columns, row_stride, column_stride;

  // In tiles, so that a transposition reads and writes whole cache lines.
  void copy(const float* source, float* target) const {
    constexpr int64_t tile = 16;
    for (int64_t row = 0; row < rows; row += tile) {
      for (int64_t column = 0; column < columns; column += tile) {
        copy_tile(source, target, {row, std::min(row + tile, rows)},
                  {column, std::min(column + tile, columns)});
      }
    }
  }

 private:
  struct Range {
    int64_t begin, end;
  };
  void copy_tile(const float* source, float* target, Range of_rows, Range of_columns) const {
    for (int64_t row = of_rows.begin; row < of_rows.end; ++row) {
      for (int64_t column = of_columns.begin; column < of_columns.end; ++column) {
        target[row * columns + column] = source[row * row_stride + column * column_stride];
      }
    }
  }
};

/// A tensor of any rank read through strides, so that slices and permutations copy nothing.
struct Strided {
  Tensor storage;
  Shape sizes;
  Strides strides;
  int64_t offset = 0;

  explicit Strided(Tensor tensor)
      : storage(std::move(tensor)), sizes(storage.shape()), strides(contiguous(sizes)) {}

  bool is_whole() const {
    return strides == contiguous(sizes) && element_count(sizes) == storage.count();
  }

  Tensor copied() const {
    Tensor result(sizes);
    if (!result.empty()) copy_axis(0, storage.data() + offset, result.data());
    return result;
  }

  Tensor take() && { return is_whole() ? Tensor(std::move(storage)) : copied(); }

 private:
  // Writes the sub-tensor from `axis` on and returns the place after it.
  float* copy_axis(size_t axis, const float* source, float* target) const {
    const size_t left = sizes.size() - axis;
    if (left <= 2) {
      const Plane plane = last_axes(left);
      plane.copy(source, target);
      return target + plane.rows * plane.columns;
    }
    for (int64_t i = 0; i < sizes[axis]; ++i) {
      target = copy_axis(axis + 1, source + i * strides[axis], target);
    }
    return target;
  }

  Plane last_axes(size_t count) const {
    const size_t rank = sizes.size();
    Plane plane{1, 1, 0, 1};
    if (count > 0) plane.columns = sizes[rank - 1];
    if (count > 0) plane.column_stride = strides[rank - 1];
    if (count > 1) plane.rows = sizes[rank - 2];
    if (count > 1) plane.row_stride = strides[rank - 2];
    return plane;
  }
};

Tensor with_shape(Tensor tensor, const Shape& shape) {
  return tensor.shape() == shape ? std::move(tensor) : Tensor(shape, tensor.values());
}

// Rows of all parts in turn, where a row is all that follows `axis`.
Tensor joined(const std::vector<Tensor>& parts, size_t axis, const Shape& shape) {
  Tensor result(shape);
  float* target = result.data();
  const int64_t rows = element_count({shape.begin(), shape.begin() + static_cast<long>(axis)});
  for (int64_t row = 0; row < rows; ++row) {
    for (const Tensor& part : parts) {
      const int64_t length = part.count() / rows;
      target = std::copy_n(part.data() + row * length, length, target);
    }
  }
  return result;
}

void permute_axes(Strided& tensor, const std::vector<int64_t>& axes) {
  Strides strides;
  for (int64_t axis : axes) strides.push_back(tensor.strides[static_cast<size_t>(axis)]);
  tensor.strides = std::move(strides);
}

Strided concatenate(Strided first, const WeightStep& step, const Shape& shape,
                    const Weights& weights) {
  std::vector<Tensor> parts;
  parts.push_back(std::move(first).take());
  for (const WeightRef& other : step.others) parts.push_back(resolve(other, weights));
  return Strided(joined(parts, static_cast<size_t>(step.axis), shape));
}

// `shape` is what the step leads to: it was checked.
Strided apply(Strided tensor, const WeightStep& step, const Shape& shape, const Weights& weights) {
  switch (step.kind) {
    case WeightStep::Kind::reshape:
      return Strided(with_shape(std::move(tensor).take(), shape));
    case WeightStep::Kind::concatenate:
      return concatenate(std::move(tensor), step, shape, weights);
    case WeightStep::Kind::permute:
      permute_axes(tensor, step.sizes);
      break;
    case WeightStep::Kind::slice:
      tensor.offset += step.sizes[1] * tensor.strides[static_cast<size_t>(step.sizes[0])];
      break;
  }
  tensor.sizes = shape;
  return tensor;
}

}  // namespace

Tensor resolve(const WeightRef& ref, const Weights& weights) {
  resolved_shape(ref, weights);  // every check, before any value is read
  Strided tensor(weights.f32(ref.name));
  for (const WeightStep& step : ref.steps) {
    const Shape shape = graph::stepped_shape(ref.name, tensor.sizes, step, weights);
    tensor = apply(std::move(tensor), step, shape, weights);
  }
  return std::move(tensor).take();
}

}  // namespace locus
