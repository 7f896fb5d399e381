// Text and ids from arguments, files and stdin.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/score_text.hpp"
#include "pipelines/document_stream.hpp"
#include "tools/cli/input/given_file.hpp"

namespace locus::cli {

/// The documents of files (see `open_once`) and folders, see `locus::read_documents`.
std::vector<Document> read_given_documents(const std::vector<std::string>& paths,
                                           const std::string& separator,
                                           const std::string& field = {});
/// The documents of `read_given_documents`, read one by one when they are needed.
OpenDocuments stream_given_documents(const std::vector<std::string>& paths,
                                     const std::string& separator, const std::string& field);
/// A text for each line of ids.
std::vector<Text> read_ids_file(const std::string& file);

/// Throws Error, beginning with `who`, for a line that is too long to be held: see
/// `max_line_bytes`.
void expect_length(const std::string& who, size_t bytes);

/// Calls `take(who, line)` for every line of stdin without its line end; `who` is `stdin, line 3`.
/// Throws Error as `expect_length` does.
void for_each_line(
    const std::function<void(const std::string& who, const std::string& line)>& take);

/// Calls `take(who, read)` for every line of stdin, of any length. `read(bytes)` returns the next
/// part of the line, shorter only at the line's end. Parts that `take` does not read are skipped.
void for_each_long_line(
    const std::function<void(const std::string& who, const ReadBytes& read)>& take);

/// The arguments, or the lines of stdin where there are none (of 256 MiB in all); each a text that
/// is not empty.
std::vector<std::string> texts_or_lines(const std::vector<std::string>& arguments);

/// `101,2023,102`, commas or white space between. Throws Error that names the part that is no id.
std::vector<int32_t> parse_ids(std::string_view who, std::string_view text);
/// `16,128,512`, each from 1 to 2^20
std::vector<int64_t> parse_lengths(std::string_view who, std::string_view text);
/// `0,1,2.5`
std::vector<float> parse_numbers(std::string_view who, std::string_view text);

}  // namespace locus::cli
