// What a pipeline does: `Pipeline` calls these, one at a time.
#pragma once

#include "pipelines/tasks/generator.hpp"
#include "pipelines/tasks/pipeline_state.hpp"

namespace locus::pipelines {

std::vector<MaskCandidates> fill_text(State& state, std::string_view text, int64_t top);
std::vector<MaskCandidates> fill_input(State& state, const ModelInput& input, int64_t top);

Embeddings embed_texts(State& state, std::span<const std::string> texts,
                       const EmbedOptions& options);
Embeddings embed_inputs(State& state, std::span<const ModelInput> inputs,
                        const EmbedOptions& options);

std::vector<RankedDocument> rerank(State& state, std::string_view query,
                                   std::span<const std::string> documents);

std::vector<LabelScore> classify_text(State& state, std::string_view text, std::string_view pair);
std::vector<LabelScore> classify_input(State& state, const ModelInput& input);
std::vector<LabelScore> choose(State& state, std::string_view text,
                               std::span<const std::string> choices);

std::vector<TaggedText> tag(State& state, std::string_view text, Aggregation aggregation);
std::vector<ReplacedToken> find_replaced(State& state, std::string_view text);

TextAnswers answer(State& state, std::string_view question, std::string_view context,
                   AnswerSettings settings);

GeneratedTexts continue_texts(State& state, std::span<const std::string> prompts,
                              const GenerateOptions& options);
GeneratedTexts continue_ids(State& state, Prompts prompts, const GenerateOptions& options);

Evaluation evaluate_documents(State& state, std::vector<Document> documents,
                              const EvaluateOptions& options);
Evaluation evaluate_stream(State& state, const OpenDocuments& documents,
                           const EvaluateOptions& options, const TakeScore& take);
Evaluation evaluate_texts(State& state, std::vector<Text> texts, const EvaluateOptions& options);
Evaluation evaluate_pairs(State& state, std::span<const Document> sources,
                          std::vector<Document> targets, const EvaluateOptions& options);

}  // namespace locus::pipelines
