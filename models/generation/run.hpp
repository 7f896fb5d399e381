// The two ways to continue a group of prompts.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/generate.hpp"

namespace locus::generation {

/// Prompts that run together; the first is prompt `first` of the caller's.
struct PromptGroup {
  std::span<const std::vector<int32_t>> prompts;
  int64_t first = 0;
};

/// One token after the other, the most probable or a drawn one.
std::vector<Generated> generate_singly(Session& session, const PromptGroup& group,
                                       const GenerationSettings& settings);
std::vector<std::vector<Generated>> generate_with_beams(Session& session, const PromptGroup& group,
                                                        const GenerationSettings& settings);

/// Throws Error as `generate` does for prompts and settings.
void check(std::span<const std::vector<int32_t>> prompts, const Graph& graph,
           const GenerationSettings& settings);

/// What a text begins with: the prompt, or what the decoder of an encoder-decoder begins with.
std::vector<int32_t> initial_history(const Graph& graph, std::span<const int32_t> prompt,
                                     const GenerationSettings& settings);

}  // namespace locus::generation
