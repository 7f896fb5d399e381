// What Python holds of a model.
#pragma once

#include <memory>

#include "python/binding/workers.hpp"

namespace locus::python {

/// Shared with the streams that still run.
struct Engine {
  std::shared_ptr<Workers> workers;
};

}  // namespace locus::python
