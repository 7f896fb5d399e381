// Runs prompts in batches, and their ids as texts.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "pipelines/generate_options.hpp"
#include "pipelines/text/growing_text.hpp"

namespace locus::pipelines {

using Prompts = std::span<const std::vector<int32_t>>;

/// Continues prompts by settings that are complete.
class Generator {
 public:
  /// `tokenizer` may be null: a text is then its ids.
  Generator(Session& session, std::shared_ptr<const Tokenizer> tokenizer,
            GenerationSettings settings, const GenerateOptions& options);

  GeneratedTexts run(Prompts prompts);

 private:
  /// Results of some prompts, of which the first is number `first`.
  std::vector<std::vector<Generated>> run_batch(Prompts prompts, size_t first);
  bool take(size_t prompt, size_t first, int32_t id);
  void finish_texts(size_t first);
  /// What makes text of ids that go on after the prompt, or stand by
  /// themselves.
  GrowingText writer(std::span<const int32_t> prompt) const;
  GeneratedText shown(const Generated& generated, std::span<const int32_t> prompt) const;

  Session& session_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  GenerationSettings settings_;
  const GenerateOptions& options_;
  std::vector<GrowingText> writers_;          // of the prompts of a batch
  std::vector<std::vector<int32_t>> chosen_;  // tokens so far
  bool cancelled_ = false;
};

}  // namespace locus::pipelines
