#include "server/routes/completion/answer.hpp"

#include <atomic>

#include "base/utf8.hpp"
#include "server/routes/completion/token_texts.hpp"

namespace locus::server {
namespace {

Json best_json(const std::shared_ptr<const Tokenizer>& tokenizer, const PredictedToken& token) {
  Json best = Json::object();
  for (const auto& [id, log_probability] : token.best) {
    const std::string text = token_text(tokenizer, id);
    if (!best.contains(text)) best[text] = log_probability;  // the likelier of two that look alike
  }
  return best;
}

/// Everything that is said of the tokens of continuation `index`, the prompt's first where it is
/// echoed. Of the very first token nothing is said.
Json logprobs_json(const Engine& engine, const CompletionRequest& request, const PredictJob& job,
                   size_t index) {
  const auto& [ids, known] = job.asked()[index];
  const auto& predictions = job.predictions()[index];
  const auto texts = token_texts(engine.shared_tokenizer(), ids);
  Json tokens = Json::array(), chances = Json::array(), best = Json::array(),
       offsets = Json::array();
  size_t offset = 0;
  const auto asked = static_cast<size_t>(known);
  for (size_t i = request.wishes.echo ? 0 : asked; i < ids.size(); ++i) {
    const auto* predicted = i >= asked ? &predictions[i - asked] : nullptr;
    tokens.push_back(texts[i]);
    chances.push_back(predicted ? Json(predicted->log_probability) : Json());
    best.push_back(predicted ? best_json(engine.shared_tokenizer(), *predicted) : Json());
    offsets.push_back(offset);
    offset += utf8::count_code_points(texts[i]);
  }
  return {{"tokens", std::move(tokens)},
          {"token_logprobs", std::move(chances)},
          {"top_logprobs", std::move(best)},
          {"text_offset", std::move(offsets)}};
}

std::string new_id() {
  static std::atomic<uint64_t> count = 0;
  return "cmpl-" + std::to_string(seconds_since_1970()) + "-" + std::to_string(++count);
}

}  // namespace

Json completion_head(const Engine& engine) {
  Json head{{"id", new_id()},
            {"object", "text_completion"},
            {"created", seconds_since_1970()},
            {"model", engine.name()}};
  if (engine.model().graph()->untrained()) head["untrained"] = true;
  return head;
}

std::string finish_reason(Finish finish) {
  return finish == Finish::max_tokens ? "length" : "stop";
}

Json usage_json(const CompletionRequest& request, const CompletionJob& job) {
  size_t written = 0;
  for (const GeneratedText& each : job.results()) written += each.ids.size();
  const auto read = static_cast<size_t>(request.prompt_tokens());
  return {
      {"prompt_tokens", read}, {"completion_tokens", written}, {"total_tokens", read + written}};
}

std::string prompt_text(const Engine& engine, const CompletionRequest& request, size_t index) {
  if (const auto* text = std::get_if<std::string>(&request.prompts[index])) return *text;
  std::string text;
  for (const auto& piece : token_texts(engine.shared_tokenizer(), request.ids[index])) {
    text += piece;
  }
  return text;
}

Json completion_json(const Engine& engine, const CompletionRequest& request,
                     const CompletionJob& job, const PredictJob* predicted) {
  Json choices = Json::array();
  for (size_t i = 0; i < job.results().size(); ++i) {
    const GeneratedText& completion = job.results()[i];
    const size_t prompt = i / static_cast<size_t>(request.n);
    const std::string echoed = request.wishes.echo ? prompt_text(engine, request, prompt) : "";
    choices.push_back(
        {{"text", echoed + completion.text},
         {"index", i},
         {"logprobs", predicted ? logprobs_json(engine, request, *predicted, i) : Json()},
         {"finish_reason", finish_reason(completion.finish)}});
  }
  Json answer = completion_head(engine);
  answer["choices"] = std::move(choices);
  answer["usage"] = usage_json(request, job);
  return answer;
}

}  // namespace locus::server
