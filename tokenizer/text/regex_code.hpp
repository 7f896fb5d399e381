// Putting a regular expression's instructions together.
#pragma once

#include "tokenizer/text/regex_program.hpp"

namespace locus::tokenization::regex {

/// How often a body is repeated, and whether more (`prefer`) or fewer (`avoid`) are tried first.
struct Repetition {
  static constexpr int32_t unlimited = -1;
  int32_t least = 0;
  int32_t most = unlimited;
  Operation choice = Operation::prefer;
};

void join(Code& code, const Code& more);
/// `first`, or else `rest`.
Code either(const Code& first, const Code& rest);
/// An unlimited repetition wants a body that is never empty.
Code repeated(const Code& body, const Repetition& repetition);
/// A body of its own, behind an operation that looks around or is atomic.
Code enclosed(Operation operation, Code body);
/// Whether the end can be reached without consuming a character.
bool may_be_empty(const Code& code, std::size_t at = 0);
/// Finds the bytes at which a match of the complete program may begin.
void find_beginnings(Program& program);

}  // namespace locus::tokenization::regex
