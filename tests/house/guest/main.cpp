// A host with Protocol Buffers of its own and Locus as its guest: both must work, in any order.
#include <iostream>
#include <locus/base/error.hpp>
#include <locus/tokenizer/tokenizer.hpp>

#include "host.hpp"

int main(int count, char** arguments) try {
  if (count != 2) return 2;
  const std::string before = message_text();
  const auto tokenizer = locus::Tokenizer::open(arguments[1]);
  const std::string text = "the lamp was lit.";
  const std::string again = tokenizer->decode(tokenizer->encode_ids(text), {.skip_special = true});
  const bool same = before == message_text();
  std::cout << tokenizer->kind() << ": " << again << (same ? " same" : " other") << "\n";
} catch (const locus::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
