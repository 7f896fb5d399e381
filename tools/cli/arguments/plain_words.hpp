// The words of a command line as they were meant, before CLI11 reads something into them.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace locus::cli {

/// The words after the program's name, the last one first, as `CLI::App::parse` takes them.
/// `--name=` becomes a name and an empty value, for which CLI11 would take the next word. A word
/// in brackets, which CLI11 would cut into a list, is marked: `unmarked` is what was given. Throws
/// UsageError for `--name=` of an option that takes no value, or need not have one.
std::vector<std::string> plain_words(const CLI::App& app, int count, char** arguments);

/// A word without its mark.
std::string unmarked(std::string word);
/// A message in which marked words may occur.
std::string without_marks(std::string message);

}  // namespace locus::cli
