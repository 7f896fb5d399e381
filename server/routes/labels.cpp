#include "base/error.hpp"
#include "models/classify.hpp"
#include "pipelines/model_input.hpp"
#include "server/routes/routes.hpp"

namespace locus::server {
namespace {

Json masks_json(const std::vector<MaskCandidates>& masks) {
  Json list = Json::array();
  for (const MaskCandidates& mask : masks) {
    Json tokens = Json::array();
    for (const auto& [id, token, probability] : mask.tokens) {
      tokens.push_back({{"id", id}, {"token", token}, {"probability", probability}});
    }
    list.push_back({{"position", mask.position}, {"tokens", std::move(tokens)}});
  }
  return list;
}

}  // namespace

Reply fill_mask(const Service& service, const Call& call) {
  const JsonPlace body = call.fields();
  expect_fields(body, {"model", "encoding", "text", "inputs", "top_k"});
  const auto engine = engine_of(service, call);
  const std::string text = text_of(call, {"text", "inputs"});
  const int64_t top = integer_field(body, "top_k", {1, 1000}).value_or(5);
  const auto masks = engine->run<std::vector<MaskCandidates>>(
      call, [text, top](Pipeline& pipeline) { return pipeline.fill_mask(text, top); });
  return json_reply({{"model", engine->name()}, {"masks", masks_json(masks)}});
}

Reply classify(const Service& service, const Call& call) {
  const JsonPlace body = call.fields();
  expect_fields(body, {"model", "encoding", "text", "input", "pair", "choices"});
  const auto engine = engine_of(service, call);
  const std::string text = text_of(call, {"text", "input"});
  const std::string pair = text_field(body, "pair").value_or("");
  const auto choices = field(body, "choices");
  const auto names = choices ? texts_of(*choices) : std::vector<std::string>();
  if (choices && names.empty()) choices->refuse("at least one text");
  const auto scores = engine->run<std::vector<LabelScore>>(call, [=](Pipeline& pipeline) {
    return names.empty() ? pipeline.classify(text, pair) : pipeline.choose(text, names);
  });
  Json labels = Json::array();
  for (const auto& [id, label, value] : scores) {
    labels.push_back({{"id", id}, {"label", label}, {"score", value}});
  }
  return json_reply({{"model", engine->name()}, {"labels", std::move(labels)}});
}

}  // namespace locus::server
