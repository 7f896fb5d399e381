#include "server/routes/completion/answer.hpp"

namespace locus::server {

Reply completions(const Service& service, const Call& call) {
  const auto engine = engine_of(service, call);
  CompletionRequest request = read_completion(service, *engine, call);
  if (request.stream) return stream_completion(service, engine, std::move(request), call);
  const auto job = std::make_shared<CompletionJob>(request.repeated(), request.wishes);
  engine->writer().run(job, call);
  const Json answer = completion_json(*engine, request, *job);
  service.metrics.count_tokens(answer["usage"]["prompt_tokens"],
                               answer["usage"]["completion_tokens"]);
  return json_reply(answer);
}

}  // namespace locus::server
