// Texts in files that are more than text.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/score_text.hpp"

namespace locus::pipelines {

/// What gzip compressed; anything else as it is. Throws Error for a file that ends too early or
/// holds more than 4 GiB.
std::string uncompressed(std::string_view who, std::string content);

/// Whether a file holds a JSON object a line, as its name or a given field says. Throws Error where
/// its content alone says so, as it would be scored as prose.
bool holds_json_lines(const std::filesystem::path& file, const std::string& content,
                      const std::string& field);

/// The texts under a key, a document a line. Throws Error that names the line, or for an empty
/// field the keys that there are.
std::vector<Document> json_lines(const std::string& file, const std::string& content,
                                 const std::string& field);

}  // namespace locus::pipelines
