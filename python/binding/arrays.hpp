// Values as NumPy arrays, which own them: nothing is copied.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <memory>
#include <utility>
#include <vector>

#include "engine/tensor.hpp"

namespace locus::python {

namespace nb = nanobind;

template <class T>
using Array = nb::ndarray<nb::numpy, T>;

/// An array of what `owner` holds, which it takes over.
template <class T, class Owner>
Array<T> array_of(Owner owner, T* (*data)(Owner&), const std::vector<size_t>& shape) {
  auto kept = std::make_unique<Owner>(std::move(owner));
  T* values = data(*kept);
  nb::capsule capsule(kept.get(), [](void* left) noexcept { delete static_cast<Owner*>(left); });
  static_cast<void>(kept.release());
  return Array<T>(values, shape.size(), shape.data(), capsule);
}

template <class T>
Array<T> array_of(std::vector<T> values, const std::vector<size_t>& shape) {
  return array_of<T, std::vector<T>>(
      std::move(values), [](std::vector<T>& owner) { return owner.data(); }, shape);
}

/// Has NumPy imported before a result becomes an array: nanobind, which would do it, takes a Ctrl-C
/// meanwhile for a type that it cannot make.
inline void import_arrays() { nb::module_::import_("numpy"); }

template <class T>
Array<T> array_of(std::vector<T> values) {
  const size_t count = values.size();
  return array_of(std::move(values), {count});
}

inline Array<float> array_of(Tensor tensor) {
  const std::vector<size_t> shape(tensor.shape().begin(), tensor.shape().end());
  return array_of<float, Tensor>(
      std::move(tensor), [](Tensor& owner) { return owner.data(); }, shape);
}

}  // namespace locus::python
