// A completion in the form that OpenAI's clients read.
#pragma once

#include <string>

#include "server/jobs/predict_job.hpp"
#include "server/routes/completion/request.hpp"

namespace locus::server {

/// What every part of one answer begins with.
Json completion_head(const Engine& engine);
/// `stop` or `length`.
std::string finish_reason(Finish finish);
/// Of prompt and continuations.
Json usage_json(const CompletionRequest& request, const CompletionJob& job);
/// Prompt `index` as it was given, or its text where it was ids.
std::string prompt_text(const Engine& engine, const CompletionRequest& request, size_t index);

/// `predicted`: what is said of the tokens, if it was asked for.
Json completion_json(const Engine& engine, const CompletionRequest& request,
                     const CompletionJob& job, const PredictJob* predicted);

/// Writes the answer as server-sent events while the job runs in `worker`. The first piece has come
/// when this returns: what fails before it is thrown.
Reply stream_completion(const Service& service, std::shared_ptr<Engine> engine,
                        CompletionRequest request, const Call& call);

}  // namespace locus::server
