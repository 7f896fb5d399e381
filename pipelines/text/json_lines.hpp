// Texts in files that are more than text.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "evaluation/score_text.hpp"
#include "pipelines/document_stream.hpp"

namespace locus::pipelines {

/// Reads what gzip compressed; anything else as it is. Throws Error for a file that ends too early.
ReadBytes uncompressed(std::string who, ReadBytes read);

/// Whether a file that begins so holds a JSON object a line, as its name or a given field says.
/// Throws Error where its content alone says so, as it would be scored as prose.
bool holds_json_lines(const std::filesystem::path& file, const std::string& content,
                      const std::string& field);

/// Throws Error that names the keys that there are where `field` is empty.
void require_field(const std::string& file, const std::string& content, const std::string& field);

/// The text under a key of the object in a line; nothing for a blank line. Throws Error that names
/// the line.
std::optional<Document> json_line(const std::string& file, int64_t number, const std::string& line,
                                  const std::string& field);

}  // namespace locus::pipelines
