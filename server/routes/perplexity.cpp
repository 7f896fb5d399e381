#include <cmath>

#include "base/error.hpp"
#include "pipelines/model_input.hpp"
#include "server/routes/routes.hpp"

namespace locus::server {
namespace {

Json finite_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json or_null(const std::optional<double>& value) { return value ? finite_or_null(*value) : Json(); }

EvaluateOptions evaluate_options(const JsonPlace& body) {
  EvaluateOptions options;
  options.task = text_field(body, "task").value_or("");
  if (const auto name = text_field(body, "convention"))
    options.convention = parse_convention(*name);
  options.context = integer_field(body, "context", {2, 1 << 24});
  options.stride = integer_field(body, "stride", {1, 1 << 24});
  options.sample = integer_field(body, "sample", {0, 1e9});
  options.seed = static_cast<uint64_t>(integer_field(body, "seed", {0, 9e18}).value_or(0));
  return options;
}

/// Each scored token with the bytes that it stands for.
Json tokens_json(const Evaluation& evaluation) {
  Json tokens = Json::array();
  const Text& text = evaluation.texts.front();
  for (const TokenScore& score : evaluation.scores.front()) {
    const auto index = static_cast<size_t>(score.index);
    Json token{
        {"index", score.index}, {"id", score.token}, {"nll", score.nll}, {"rank", score.rank}};
    if (index < text.byte_begin.size()) token["begin"] = text.byte_begin[index];
    tokens.push_back(std::move(token));
  }
  return tokens;
}

Json to_json(const Evaluation& evaluation, const Engine& engine) {
  const Summary& summary = evaluation.summary;
  const Interval& interval = evaluation.interval;
  Json json{{"model", engine.name()},
            {"metric", metric_name(evaluation.settings.task)},
            {"tokens", summary.tokens},
            {"nll", summary.nll},
            {"perplexity", finite_or_null(summary.perplexity)},
            {"bits_per_byte", or_null(summary.bits_per_byte)},
            {"ci95", {finite_or_null(interval.low), finite_or_null(interval.high)}},
            {"context", evaluation.settings.context},
            {"encodings", engine.model().encodings()}};
  if (engine.model().graph()->untrained()) json["untrained"] = true;
  return json;
}

/// Counted before anything runs.
int64_t tokens_of(const Engine& engine, const Call& call, const Prompt& input) {
  if (const auto* ids = std::get_if<PromptIds>(&input)) return static_cast<int64_t>(ids->size());
  const std::string& text = std::get<std::string>(input);
  check_text("text", text);
  const EncodeOptions options = encode_options(call, /*special=*/false);
  return static_cast<int64_t>(engine.tokenizer().encode_ids(text, options).size());
}

}  // namespace

Reply perplexity(const Service& service, const Call& call) {
  const JsonPlace body = call.fields();
  expect_fields(body, {"model", "encoding", "text", "ids", "task", "convention", "context",
                       "stride", "sample", "seed", "per_token"});
  const auto engine = engine_of(service, call);
  const EvaluateOptions options = evaluate_options(body);
  const auto ids = field(body, "ids");
  if (ids && field(body, "text")) refuse_both("ids", "text");
  const Prompt input = ids ? Prompt(PromptIds(ids_of(*ids))) : Prompt(text_of(call, {"text"}));
  const int64_t count = tokens_of(*engine, call, input);
  check_tokens(service, count);
  const auto evaluation = engine->run<Evaluation>(call, [input, options](Pipeline& pipeline) {
    if (const auto* text = std::get_if<std::string>(&input)) {
      return pipeline.evaluate(*text, options);
    }
    Text ids_alone;
    ids_alone.name = "ids";
    ids_alone.ids = std::get<PromptIds>(input);
    return pipeline.evaluate(std::vector{std::move(ids_alone)}, options);
  });
  service.metrics.count_tokens(count, 0);
  Json json = to_json(evaluation, *engine);
  if (body.flag("per_token", false)) json["scores"] = tokens_json(evaluation);
  return json_reply(json);
}

}  // namespace locus::server
