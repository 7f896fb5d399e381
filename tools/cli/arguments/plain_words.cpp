#include "tools/cli/arguments/plain_words.hpp"

#include <algorithm>

#include "tools/cli/arguments/usage.hpp"

namespace locus::cli {
namespace {

constexpr char mark = '\x01';

/// The part of the command line that names options: a verb, or the program itself.
const CLI::App& reader_of(const CLI::App& app, int count, char** arguments) {
  const std::string name = count > 1 ? arguments[1] : "";
  for (const CLI::App* verb : app.get_subcommands({})) {
    if (verb->get_name() == name) return *verb;
  }
  return app;
}

bool in_brackets(const std::string& word) { return word.starts_with('[') && word.ends_with(']'); }

/// The option of a word `--name=`; null for any other word.
const CLI::Option* option_without_value(const CLI::App& reader, const std::string& word) {
  if (!word.starts_with("--") || word.find('=') + 1 != word.size()) return nullptr;
  return reader.get_option_no_throw(word.substr(0, word.size() - 1));
}

/// A word `--name=` as the two words `--name` and an empty one.
void add_empty_value(const CLI::Option& option, const std::string& word,
                     std::vector<std::string>& words) {
  const std::string name = word.substr(0, word.size() - 1);
  if (option.get_items_expected_min() == 0) {
    throw UsageError(name + ": expected a value after '=' or no '=', found none");
  }
  words.push_back(name);
  words.emplace_back();
}

}  // namespace

std::vector<std::string> plain_words(const CLI::App& app, int count, char** arguments) {
  const CLI::App& reader = reader_of(app, count, arguments);
  std::vector<std::string> words;
  bool options = true;
  for (int i = 1; i < count; ++i) {
    const std::string word = arguments[i];
    options = options && word != "--";
    if (in_brackets(word)) {
      words.push_back(mark + word);
    } else if (const auto* option = option_without_value(reader, word); options && option) {
      add_empty_value(*option, word, words);
    } else {
      words.push_back(word);
    }
  }
  std::ranges::reverse(words);
  return words;
}

std::string unmarked(std::string word) {
  if (word.starts_with(mark) && in_brackets(word.substr(1))) word.erase(0, 1);
  return word;
}

std::string without_marks(std::string message) {
  std::erase(message, mark);
  return message;
}

}  // namespace locus::cli
