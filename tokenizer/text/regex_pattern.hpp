// A regular expression's text and how far it has been read.
#pragma once

#include <string>
#include <string_view>

namespace locus::tokenization::regex {

class PatternReader {
 public:
  /// Throws Error where the pattern is not UTF-8.
  explicit PatternReader(std::string_view pattern);

  /// Throws Error that says where reading had come to.
  [[noreturn]] void fail(const std::string& found) const;
  bool done() const { return at_ == pattern_.size(); }
  std::string_view rest() const { return pattern_.substr(at_); }
  bool next_is(std::string_view text) const { return rest().starts_with(text); }
  /// Reads `text` if it is what comes next.
  bool accept(std::string_view text);
  /// Throws Error where something else comes next.
  void expect(std::string_view text);
  /// Reads one character; throws Error at the end.
  char32_t take();

 private:
  std::string_view pattern_;
  std::size_t at_ = 0;
};

}  // namespace locus::tokenization::regex
