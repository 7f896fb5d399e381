#include "server/routes/completion/request.hpp"

#include <random>

#include "base/error.hpp"
#include "pipelines/text_run.hpp"

namespace locus::server {
namespace {

constexpr int64_t default_tokens = 16;  // OpenAI's
constexpr size_t max_prompts = 128, max_stops = 16;

/// Fields that OpenAI defines and that this server has one value of.
void expect_defaults(const JsonPlace& body) {
  for (const char* name : {"presence_penalty", "frequency_penalty"}) {
    number_field(body, name, {0, 0});
  }
  if (const auto bias = field(body, "logit_bias"); bias && !bias->members().empty()) {
    bias->refuse("no bias");
  }
  if (const auto suffix = text_field(body, "suffix"); suffix && !suffix->empty()) {
    throw Error("body.suffix", "none", "a text");
  }
}

void read_sampling(const JsonPlace& body, CompletionWishes& wishes) {
  GenerateOptions& options = wishes.options;
  options.temperature = number_field(body, "temperature", {0, 100});
  options.top_p = number_field(body, "top_p", {0, 1});
  options.min_p = number_field(body, "min_p", {0, 1});
  options.typical_p = number_field(body, "typical_p", {0, 1});
  options.top_k = integer_field(body, "top_k", {0, 1 << 24});
  options.repetition_penalty = number_field(body, "repetition_penalty", {1e-6, 100});
  const auto seed = integer_field(body, "seed", {-9.2e18, 9.2e18});
  options.seed = seed ? static_cast<uint64_t>(*seed) : std::random_device()();
}

std::vector<std::string> stops_of(const JsonPlace& body) {
  const auto place = field(body, "stop");
  std::vector<std::string> stops = place ? texts_of(*place) : std::vector<std::string>();
  if (stops.size() > max_stops) {
    throw Error("body.stop", "at most " + std::to_string(max_stops) + " texts",
                std::to_string(stops.size()));
  }
  std::erase(stops, "");  // some clients send one for none
  return stops;
}

void check_echo(const Engine& engine, const CompletionRequest& request) {
  const std::string& task = engine.model().spec().task;
  const CompletionWishes& wishes = request.wishes;
  if ((wishes.echo || wishes.logprobs) && task != "causal-lm") {
    throw Error("echo and logprobs", "a causal language model", task);
  }
  if (request.stream && wishes.logprobs) {
    throw Error("body.logprobs", "none where the answer is streamed", "some");
  }
}

void read_count(const JsonPlace& body, CompletionRequest& request) {
  request.n = integer_field(body, "n", {1, 32}).value_or(1);
  const auto best_of = integer_field(body, "best_of", {1, 32}).value_or(request.n);
  if (best_of != request.n) {
    throw Error("body.best_of", "as many as n, " + std::to_string(request.n),
                std::to_string(best_of));
  }
}

void read_stream(const JsonPlace& body, CompletionRequest& request) {
  request.stream = body.flag("stream", false);
  if (const auto options = field(body, "stream_options")) {
    if (!request.stream) options->refuse("none where the answer is not streamed");
    expect_fields(*options, {"include_usage", "include_obfuscation"});
    request.stream_usage = options->flag("include_usage", false);
  }
}

void read_prompts(const Service& service, const Engine& engine, const Call& call,
                  CompletionRequest& request) {
  request.prompts = prompts_of(call.fields().at("prompt"));
  if (request.prompts.size() * static_cast<size_t>(request.n) > max_prompts) {
    throw Error("body.prompt", "at most " + std::to_string(max_prompts) + " continuations",
                std::to_string(request.prompts.size() * static_cast<size_t>(request.n)));
  }
  int64_t tokens = 0;
  for (const Prompt& prompt : request.prompts) {
    request.ids.push_back(read_ids(engine, call, prompt));
    const auto read = static_cast<int64_t>(request.ids.back().size());
    tokens += request.n * (read + *request.wishes.options.max_tokens);
  }
  check_tokens(service, tokens);
}

}  // namespace

std::shared_ptr<CompletionJob> CompletionRequest::job(const Engine& engine) const {
  std::vector<Ids> all;
  for (const Ids& each : ids) all.insert(all.end(), static_cast<size_t>(n), each);
  return std::make_shared<CompletionJob>(std::move(all), wishes, engine.shared_tokenizer());
}

int64_t CompletionRequest::prompt_tokens() const {
  size_t tokens = 0;
  for (const Ids& each : ids) tokens += each.size();
  return static_cast<int64_t>(tokens);
}

CompletionRequest read_completion(const Service& service, const Engine& engine, const Call& call) {
  const JsonPlace body = call.fields();
  expect_fields(body, {"model",
                       "encoding",
                       "prompt",
                       "max_tokens",
                       "min_tokens",
                       "temperature",
                       "top_p",
                       "top_k",
                       "min_p",
                       "typical_p",
                       "repetition_penalty",
                       "seed",
                       "n",
                       "best_of",
                       "stop",
                       "stream",
                       "stream_options",
                       "logprobs",
                       "echo",
                       "presence_penalty",
                       "frequency_penalty",
                       "logit_bias",
                       "suffix"});
  expect_defaults(body);
  CompletionRequest request;
  GenerateOptions& options = request.wishes.options;
  options.max_tokens = integer_field(body, "max_tokens", {0, 1 << 24}).value_or(default_tokens);
  options.min_tokens = integer_field(body, "min_tokens", {0, 1 << 24});
  options.stop = stops_of(body);
  options.after_prompt = engine.model().spec().task == "causal-lm";
  read_sampling(body, request.wishes);
  request.wishes.echo = body.flag("echo", false);
  request.wishes.logprobs = integer_field(body, "logprobs", {0, 20});
  read_count(body, request);
  read_stream(body, request);
  check_echo(engine, request);
  request.wishes.joins = can_write_side_by_side(engine.model(), request.wishes.options);
  read_prompts(service, engine, call, request);
  return request;
}

}  // namespace locus::server
