// Encodings as matrices.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "engine/scheme.hpp"
#include "pipelines/encoding_view.hpp"
#include "python/binding/arrays.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/matrices.hpp"
#include "python/binding/runner.hpp"
#include "python/binding/schemes.hpp"

namespace locus::python {
namespace {

using namespace nb::literals;

nb::object or_none(Tensor matrix) {
  if (matrix.empty()) return nb::none();
  return nb::cast(array_of(std::move(matrix)));
}

/// What `matrices` makes of the subject, interruptible.
template <class Result>
Result run_on(PositionSubject subject, Result (*matrices)(const PositionSubject&)) {
  return run_here([&](const auto& check) {
    subject.probe.check = check;
    return matrices(subject);
  });
}

nb::dict scheme_matrices(const std::string& scheme, const std::vector<int64_t>& sizes,
                         const std::vector<OwnScheme>& own) {
  const std::vector<Scheme> rows = schemes_of(own);
  Probe probe{sizes.at(0), sizes.at(1), sizes.at(2), sizes.at(1)};
  PositionSubject subject = run_here([&](const auto& check) {
    probe.check = check;
    return subject_of_scheme(scheme, probe, rows);
  });
  subject.probe.check = {};
  return matrices_dict(subject);
}

}  // namespace

nb::dict matrices_dict(const PositionSubject& subject) {
  EncodingMatrices matrices = run_on(subject, small_matrices_of);
  import_arrays();
  nb::dict found;
  found["subject"] = nb::cast(subject, nb::rv_policy::copy);
  found["name"] = subject.name;
  found["encoding"] = subject.text;
  found["rotates"] = matrices.rotates;
  found["rows"] = or_none(std::move(matrices.rows));
  found["bias"] = or_none(std::move(matrices.bias));
  found["response"] = or_none(std::move(matrices.response));
  found["decay"] = or_none(std::move(matrices.decay));
  return found;
}

void bind_encoding(nb::module_& module) {
  nb::class_<PositionSubject>(module, "EncodingSubject", "An encoding at the sizes it is seen at.")
      .def(
          "products",
          [](const PositionSubject& subject) { return or_none(run_on(subject, products_of)); },
          "Inner products of its rows; None where there are none.", as_call);
  module.def("scheme_matrices", scheme_matrices, "scheme"_a, "sizes"_a, "own"_a, as_call,
             "Matrices of a scheme at [length, dimension, heads].");
  module.def("scheme_names", scheme_names, "Names of all schemes.");
}

}  // namespace locus::python
