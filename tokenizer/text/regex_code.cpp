#include "tokenizer/text/regex_code.hpp"

namespace locus::tokenization::regex {
namespace {

int32_t length(const Code& code) { return static_cast<int32_t>(code.size()); }

}  // namespace

void join(Code& code, const Code& more) { code.insert(code.end(), more.begin(), more.end()); }

Code either(const Code& first, const Code& rest) {
  Code code{{Operation::prefer, length(first) + 2}};
  join(code, first);
  code.push_back({Operation::jump, length(rest) + 1});
  join(code, rest);
  return code;
}

Code repeated(const Code& body, const Repetition& repetition) {
  Code code;
  for (int32_t i = 0; i < repetition.least; ++i) join(code, body);
  if (repetition.most == Repetition::unlimited) {
    // prefer: L: prefer end; body; jump L.  avoid: L: avoid end; body; jump L.
    code.push_back({repetition.choice, length(body) + 2});
    join(code, body);
    code.push_back({Operation::jump, -(length(body) + 1)});
    return code;
  }
  for (int32_t i = repetition.least; i < repetition.most; ++i) {
    code.push_back({repetition.choice, (length(body) + 1) * (repetition.most - i)});
    join(code, body);
  }
  return code;
}

Code enclosed(Operation operation, Code body) {
  body.push_back({Operation::accept});
  Code code{{operation, length(body)}};
  join(code, body);
  return code;
}

bool may_be_empty(const Code& code, std::size_t at) {
  for (; at < code.size(); ++at) {
    const auto [operation, operand] = code[at];
    const auto target = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at) + operand);
    if (operation == Operation::one_of) return false;
    if (operation == Operation::jump) {
      if (operand < 0) return false;  // back to a loop's choice, which has been followed already
      at = target - 1;
    } else if (operation == Operation::prefer || operation == Operation::avoid) {
      if (may_be_empty(code, target)) return true;
    } else if (operation >= Operation::ahead && operation <= Operation::atomic) {
      const Code body(code.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                      code.begin() + static_cast<std::ptrdiff_t>(target));
      if (operation == Operation::atomic && !may_be_empty(body)) return false;
      at = target;
    }
  }
  return true;
}

// Follows the program up to the first character that it consumes.
void find_beginnings(Program& program) {
  std::vector<bool> seen(program.code.size());
  std::vector<std::size_t> open{0};
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    if (seen[at]) continue;
    seen[at] = true;
    const auto [operation, operand] = program.code[at];
    const auto target = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at) + operand);
    if (operation == Operation::one_of) {
      const CharacterSet& set = program.sets[static_cast<std::size_t>(operand)];
      for (std::size_t byte = 0; byte < 256; ++byte) {
        if (byte >= 128 || set.contains(static_cast<char32_t>(byte))) program.begins.set(byte);
      }
    } else if (operation == Operation::accept) {
      program.may_be_empty = true;
    } else {
      const bool body = operation >= Operation::ahead && operation <= Operation::atomic;
      if (operation != Operation::jump) open.push_back(at + 1);
      if (operation == Operation::jump || operation == Operation::prefer ||
          operation == Operation::avoid) {
        open.push_back(target);
      } else if (body) {
        open.push_back(target + 1);
      }
    }
  }
}

}  // namespace locus::tokenization::regex
