// What Python holds of a model.
#pragma once

#include <memory>
#include <string>

#include "python/binding/workers.hpp"

namespace locus::python {

/// Shared with the streams that still run.
struct Engine {
  std::shared_ptr<Workers> workers;
  std::string folder;  // where the model's files lie
};

}  // namespace locus::python
