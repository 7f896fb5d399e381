#pragma once

#include <nanobind/nanobind.h>

#include "pipelines/encoding_view.hpp"

namespace locus::python {

/// An encoding's matrices by name, None where it does nothing of that kind, and `subject`, which
/// knows the inner products.
nanobind::dict matrices_dict(const PositionSubject& subject);

}  // namespace locus::python
