#include "server/routes/completion/answer.hpp"

namespace locus::server {
namespace {

/// What the model says of the tokens that were asked about. Texts are read once more for it, by the
/// thread that answers: those that are being written need not wait.
std::shared_ptr<PredictJob> predict(Engine& engine, const CompletionRequest& request,
                                    const CompletionJob& written, const Call& call) {
  if (!request.wishes.logprobs) return nullptr;
  std::vector<PredictJob::Asked> asked;
  for (size_t i = 0; i < written.prompts().size(); ++i) {
    Ids ids = written.prompts()[i];
    const auto first = request.wishes.echo ? 1 : static_cast<int64_t>(ids.size());
    const Ids& more = written.results()[i].ids;
    ids.insert(ids.end(), more.begin(), more.end());
    asked.push_back({std::move(ids), first});
  }
  const auto job = std::make_shared<PredictJob>(std::move(asked), *request.wishes.logprobs);
  engine.answers().run(job, call);
  return job;
}

}  // namespace

Reply completions(const Service& service, const Call& call) {
  const auto engine = engine_of(service, call);
  CompletionRequest request = read_completion(service, *engine, call);
  if (request.stream) return stream_completion(service, engine, std::move(request), call);
  const auto job = request.job(*engine);
  if (*request.wishes.options.max_tokens > 0) engine->writer().run(job, call);
  const auto predicted = predict(*engine, request, *job, call);
  const Json answer = completion_json(*engine, request, *job, predicted.get());
  service.metrics.count_tokens(answer["usage"]["prompt_tokens"],
                               answer["usage"]["completion_tokens"]);
  return json_reply(answer);
}

}  // namespace locus::server
