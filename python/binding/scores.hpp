// A scored text as Python sees it.
#pragma once

#include <nanobind/nanobind.h>

#include <optional>
#include <vector>

#include "pipelines/results.hpp"
#include "python/binding/arrays.hpp"

namespace locus::python {

/// Bytes of each token; -1 for one that the text does not have. [N, 2]
Array<int64_t> offsets_of(const std::vector<std::optional<Span>>& spans);

nb::dict score_dict(const Evaluation& evaluation);

/// nll, tokens and bytes of `count` texts, of which the evaluation has those in `places`.
nb::tuple score_totals(const Evaluation& evaluation, const std::vector<size_t>& places,
                       size_t count);

}  // namespace locus::python
