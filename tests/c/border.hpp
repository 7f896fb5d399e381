// A tiny model behind the C interface, and calls of it that must fail.
#pragma once

#include "tests/c/support.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::tests {

struct Border {
  TemporaryFolder folder;
  Opened gpt2{model_with_tokenizer(folder, "gpt2/lm")};
  locus_generate_options options = {};

  Border() {
    options.struct_size = sizeof options;
    options.max_tokens = 4;
  }

  std::string generate(const char* const* prompts, size_t count) {
    locus_texts* texts = nullptr;
    const auto message = failure_of([&](locus_error** error) {
      return locus_generate(gpt2.worker, prompts, count, &options, &texts, error);
    });
    const Freed<locus_texts> freed(texts);
    return message;
  }
  std::string generate() {
    const char* const prompts[] = {"the cat"};
    return generate(prompts, 1);
  }
};

}  // namespace locus::tests
