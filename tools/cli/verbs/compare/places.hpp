// What is compared when nothing is named.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace locus::cli {

/// Every model of the folders of LOCUS_MODELS, or of those beside the installation where it is not
/// set, by name. Throws Error where there is none.
std::vector<std::string> shipped_models();
/// One of them by its name; nothing where it is absent.
std::optional<std::filesystem::path> shipped_model(const std::string& name);
/// The text that comes with them.
std::filesystem::path shipped_text();
/// The folder of floors that comes with them; nothing where it is absent.
std::optional<std::filesystem::path> shipped_floors();
/// Figures of them from other seeds; nothing where they are absent.
std::optional<std::filesystem::path> shipped_seeds();

}  // namespace locus::cli
