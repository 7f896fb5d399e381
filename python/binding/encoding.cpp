// Encodings as matrices.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "engine/scheme.hpp"
#include "pipelines/encoding_view.hpp"
#include "python/binding/arrays.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/matrices.hpp"
#include "python/binding/schemes.hpp"

namespace locus::python {
namespace {

using namespace nb::literals;

nb::object or_none(Tensor matrix) {
  if (matrix.empty()) return nb::none();
  return nb::cast(array_of(std::move(matrix)));
}

nb::dict scheme_matrices(const std::string& scheme, const std::vector<int64_t>& sizes,
                         const std::vector<OwnScheme>& own) {
  const Probe probe{sizes.at(0), sizes.at(1), sizes.at(2), sizes.at(1)};
  return matrices_dict(subject_of_scheme(scheme, probe, schemes_of(own)));
}

}  // namespace

nb::dict matrices_dict(const PositionSubject& subject) {
  EncodingMatrices matrices;
  {
    const nb::gil_scoped_release released;
    matrices = matrices_of(subject);
  }
  nb::dict found;
  found["name"] = subject.name;
  found["encoding"] = subject.text;
  found["rotates"] = matrices.rotates;
  found["rows"] = or_none(std::move(matrices.rows));
  found["products"] = or_none(std::move(matrices.inner_products));
  found["bias"] = or_none(std::move(matrices.bias));
  found["response"] = or_none(std::move(matrices.response));
  found["decay"] = or_none(std::move(matrices.decay));
  return found;
}

void bind_encoding(nb::module_& module) {
  module.def("scheme_matrices", scheme_matrices, "scheme"_a, "sizes"_a, "own"_a,
             "Matrices of a scheme at [length, dimension, heads].");
  module.def("scheme_names", scheme_names, "Names of all schemes.");
}

}  // namespace locus::python
