// `_locus`: the engine as plain functions, which the package dresses for people.
#include <nanobind/nanobind.h>

#include "base/error.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/runs.hpp"

NB_MODULE(_locus, module) {
  nanobind::set_leak_warnings(false);  // a library prints nothing
  module.doc() = "The engine itself; `locus_engine` is what people use.";
  nanobind::exception<locus::Error>(module, "LocusError", PyExc_RuntimeError).doc() =
      "Every failure of Locus, in one line: who, expected, found.";
  locus::python::watch_exit(module);
  locus::python::bind_schemes(module);
  locus::python::bind_stream(module);
  locus::python::bind_model(module);
  locus::python::bind_ids(module);
  locus::python::bind_encoding(module);
  locus::python::bind_comparison(module);
}
