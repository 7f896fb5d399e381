// From a model's name to its files.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "pipelines/model_files.hpp"

namespace locus::python {

/// `find_place`; a name that it does not find is looked for among the models that the package was
/// built beside. Where there are none either, the Error says what to set.
ModelPlace place_of(const std::string& model);

/// Folders of the models that have a name, by that name.
std::map<std::string, std::filesystem::path> named_models();

}  // namespace locus::python
