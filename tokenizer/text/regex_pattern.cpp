#include "tokenizer/text/regex_pattern.hpp"

#include "base/error.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization::regex {

PatternReader::PatternReader(std::string_view pattern) : pattern_(pattern) {
  require_utf8(pattern);
}

void PatternReader::fail(const std::string& found) const {
  throw Error("regular expression " + std::string(pattern_), "a supported construct",
              found + " at byte " + std::to_string(at_));
}

bool PatternReader::accept(std::string_view text) {
  if (!next_is(text)) return false;
  at_ += text.size();
  return true;
}

void PatternReader::expect(std::string_view text) {
  if (!accept(text)) fail(done() ? "the end" : "'" + std::string(1, pattern_[at_]) + "'");
}

char32_t PatternReader::take() {
  if (done()) fail("the end");
  const auto [value, size] = code_point(pattern_, at_);
  at_ += size;
  return value;
}

}  // namespace locus::tokenization::regex
