#include "server/jobs/embed_job.hpp"

namespace locus::server {
namespace {

/// Where a result belongs.
struct Place {
  Embedding* vector;
  int64_t* tokens;
};

void give(Embeddings embeddings, const std::vector<Place>& places) {
  for (size_t i = 0; i < places.size(); ++i) {
    *places[i].vector = std::move(embeddings.vectors[i]);
    *places[i].tokens += embeddings.tokens[i];
  }
}

}  // namespace

std::string EmbedJob::kind() const {
  return "embed " + std::to_string(options_.dimension.value_or(0)) +
         (options_.normalize ? " 1 " : " 0 ") +
         (options_.prompt ? "prompt " + *options_.prompt : "");
}

void EmbedJob::run(Pipeline& pipeline, Company& company) {
  std::vector<std::string> texts;
  std::vector<ModelInput> ids;
  std::vector<Place> of_texts, of_ids;
  for (const auto& each : company.first()) {
    auto& job = static_cast<EmbedJob&>(*each);
    job.tokens_ = 0;
    for (size_t i = 0; i < job.inputs_.size(); ++i) {
      const Place place{&job.vectors_[i], &job.tokens_};
      if (const auto* text = std::get_if<std::string>(&job.inputs_[i])) {
        texts.push_back(*text);
        of_texts.push_back(place);
      } else {
        ids.push_back({std::get<PromptIds>(job.inputs_[i])});
        of_ids.push_back(place);
      }
    }
  }
  if (!texts.empty()) give(pipeline.embed(texts, options_), of_texts);
  if (!ids.empty()) give(pipeline.embed(ids, options_), of_ids);
}

}  // namespace locus::server
