// Text and ids from arguments, files and stdin.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/score_text.hpp"
#include "pipelines/document_stream.hpp"

namespace locus::cli {

/// A file that the user names: a pipe too, and `-` is stdin. Throws Error where it cannot be read.
std::string read_given(const std::filesystem::path& file);

/// The documents of such files and of folders, see `locus::read_documents`.
std::vector<Document> read_documents(const std::vector<std::string>& paths,
                                     const std::string& separator, const std::string& field = {});
/// The same documents, read when they are asked for. What is no regular file is kept aside, in a
/// temporary file where it is long.
OpenDocuments stream_documents(const std::vector<std::string>& paths, const std::string& separator,
                               const std::string& field);
/// A text for each line of ids.
std::vector<Text> read_ids_file(const std::string& file);

/// Calls `take(who, line)` for every line of stdin without its line end; `who` is `stdin, line 3`.
void for_each_line(
    const std::function<void(const std::string& who, const std::string& line)>& take);

/// The same for lines of any length, which `read` gives in parts: so many bytes, fewer at the end
/// of the line alone. What is left of a line is skipped.
void for_each_long_line(
    const std::function<void(const std::string& who, const ReadBytes& read)>& take);

/// The arguments, or the lines of stdin where there are none; each a text that is not empty.
std::vector<std::string> texts_or_lines(const std::vector<std::string>& arguments);

/// `101,2023,102`, commas or white space between. Throws Error that names the part that is no id.
std::vector<int32_t> parse_ids(std::string_view who, std::string_view text);
/// `16,128,512`, each above 0
std::vector<int64_t> parse_lengths(std::string_view who, std::string_view text);
/// `0,1,2.5`
std::vector<float> parse_numbers(std::string_view who, std::string_view text);

}  // namespace locus::cli
