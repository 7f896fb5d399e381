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
std::vector<Document> read_given_documents(const std::vector<std::string>& paths,
                                           const std::string& separator,
                                           const std::string& field = {});
/// The documents of `read_given_documents`, read one by one when they are needed. Pipes and stdin
/// are kept for that, in a temporary file if they are long.
OpenDocuments stream_given_documents(const std::vector<std::string>& paths,
                                     const std::string& separator, const std::string& field);
/// A text for each line of ids.
std::vector<Text> read_ids_file(const std::string& file);

/// Calls `take(who, line)` for every line of stdin without its line end; `who` is `stdin, line 3`.
void for_each_line(
    const std::function<void(const std::string& who, const std::string& line)>& take);

/// Calls `take(who, read)` for every line of stdin, of any length. `read(bytes)` returns the next
/// part of the line, shorter only at the line's end. Parts that `take` does not read are skipped.
void for_each_long_line(
    const std::function<void(const std::string& who, const ReadBytes& read)>& take);

/// The arguments, or the lines of stdin where there are none; each a text that is not empty.
std::vector<std::string> texts_or_lines(const std::vector<std::string>& arguments);

/// `101,2023,102`, commas or white space between. Throws Error that names the part that is no id.
std::vector<int32_t> parse_ids(std::string_view who, std::string_view text);
/// `16,128,512`, each from 1 to 2^20
std::vector<int64_t> parse_lengths(std::string_view who, std::string_view text);
/// `0,1,2.5`
std::vector<float> parse_numbers(std::string_view who, std::string_view text);

}  // namespace locus::cli
