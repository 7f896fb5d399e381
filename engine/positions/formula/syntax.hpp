// A formula's text as a tree.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/positions/formula/functions.hpp"

namespace locus::positions {

/// A part of a formula. `j - i` is read as the name `n`, wherever it stands in a sum.
struct Term {
  enum class Kind {
    number,
    name,
    call,     ///< of `function`
    element,  ///< name[arguments]
    sum,      ///< of arguments[1], for name = 0 ... arguments[0] - 1
  };
  Kind kind = Kind::number;
  double number = 0;
  std::string name;
  const Function* function = nullptr;
  std::vector<Term> arguments;
  size_t place = 0;  ///< of its first character, from 1
};

/// Throws Error `WHO: expected ..., found '...' at character N` for what is no formula, and for one
/// of more than 2,000 characters or 200 brackets, signs and powers in each other.
Term parse_formula(const std::string& who, std::string_view text);

/// Throws Error `WHO: expected ..., found TERM at character N` for a term that parses and is wrong.
[[noreturn]] void refuse_term(const std::string& who, const std::string& expected,
                              const Term& found);

}  // namespace locus::positions
