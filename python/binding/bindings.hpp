// What the module is made of.
#pragma once

#include <nanobind/nanobind.h>

namespace locus::python {

void bind_model(nanobind::module_& module);
void bind_ids(nanobind::module_& module);
void bind_stream(nanobind::module_& module);
void bind_schemes(nanobind::module_& module);
void bind_encoding(nanobind::module_& module);
void bind_comparison(nanobind::module_& module);

}  // namespace locus::python
