// Scored texts as Python sees them.
#pragma once

#include <nanobind/nanobind.h>

#include <optional>
#include <string>
#include <vector>

#include "pipelines/evaluate_options.hpp"
#include "pipelines/results.hpp"
#include "python/binding/arrays.hpp"
#include "python/binding/engine.hpp"

namespace locus::python {

/// Bytes of each token; -1 for one that the text does not have. [N, 2]
Array<int64_t> offsets_of(const std::vector<std::optional<Span>>& spans);

/// Perplexity, bits per byte and every token's nll.
nb::dict score(Engine& engine, const std::string& text, EvaluateOptions options,
               const nb::object& progress);

/// nll, tokens and bytes of each text; zeroes where nothing can be scored.
nb::tuple score_all(Engine& engine, const std::vector<std::string>& texts, EvaluateOptions options,
                    const nb::object& progress);

}  // namespace locus::python
