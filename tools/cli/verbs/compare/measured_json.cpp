#include <array>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "tools/cli/verbs/compare/json.hpp"

namespace locus::cli {
namespace {

constexpr std::array floor_names{"frequencies", "document counts", "trigram"};
constexpr std::array pictures{"nothing", "added rows", "rotation", "bias", "response"};
constexpr std::array tasks{"causal", "masked", "masked-word", "infill", "given-source"};

template <typename Enum, typename Names>
Enum from_name(const Names& names, const std::string& name) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  throw Error("measured model", "a known name", "'" + name + "'");
}

Json floors_json(const std::vector<ModelFloor>& floors) {
  Json list = Json::array();
  for (const ModelFloor& floor : floors) {
    list.push_back({{"floor", floor_name(floor.kind)},
                    {"of", floor.of_text ? "this text" : "the training text"},
                    {"nll_per_token", floor.nll},
                    {"perplexity", finite_or_null(std::exp(floor.nll))},
                    {"bits_per_byte", finite_or_null(floor.bits_per_byte)},
                    {"lead", floor.lead},
                    {"lead_ci95", interval_json(floor.lead_interval)},
                    {"units", units_json(floor.units)}});
  }
  return list;
}

std::vector<ModelFloor> floors_from(const Json& list) {
  std::vector<ModelFloor> floors;
  for (const Json& json : list) {
    ModelFloor floor;
    floor.kind = from_name<ModelFloor::Kind>(floor_names, json.at("floor"));
    floor.of_text = json.at("of") == "this text";
    floor.nll = json.at("nll_per_token");
    floor.bits_per_byte = number_or(json.at("bits_per_byte"), NAN);
    floor.lead = json.at("lead");
    floor.lead_interval = interval_of(json.at("lead_ci95"));
    floor.units = units_of(json.at("units"));
    floors.push_back(std::move(floor));
  }
  return floors;
}

void read_summary(ComparedModel& model, const Json& json) {
  Summary& summary = model.summary;
  summary.tokens = json.at("tokens");
  summary.extent.bytes = json.at("bytes");
  summary.extent.words = json.at("words");
  summary.extent.characters = json.at("characters");
  summary.nll = json.at("nll");
  summary.perplexity = number_or(json.at("perplexity"), INFINITY);
  summary.bits_per_byte = optional_of<double>(json.at("bits_per_byte"));
  summary.word_perplexity = optional_of<double>(json.at("word_perplexity"));
  summary.top1 = json.at("top1");
  summary.top5 = json.at("top5");
  summary.entropy = json.at("entropy");
}

Json picture_json(const EncodingPicture& picture) {
  Json json{{"kind", pictures[static_cast<size_t>(picture.kind)]},
            {"encoding", picture.encoding},
            {"stack", picture.stack}};
  if (picture.kind == EncodingPicture::Kind::nothing) return json;
  json["shape"] = picture.values.shape();
  json["first_column"] = picture.first_column;
  json["values"] = picture.values.values();
  return json;
}

EncodingPicture picture_of(const Json& json) {
  EncodingPicture picture;
  picture.kind = from_name<EncodingPicture::Kind>(pictures, json.at("kind"));
  picture.encoding = json.at("encoding");
  picture.stack = json.at("stack");
  if (picture.kind == EncodingPicture::Kind::nothing) return picture;
  picture.values = Tensor(json.at("shape").get<Shape>());
  const auto values = json.at("values").get<std::vector<float>>();
  if (values.size() != picture.values.values().size()) {
    throw Error("picture", "as many values as its shape has", std::to_string(values.size()));
  }
  std::ranges::copy(values, picture.values.values().begin());
  picture.first_column = json.at("first_column");
  return picture;
}

}  // namespace

std::string floor_name(ModelFloor::Kind kind) { return floor_names[static_cast<size_t>(kind)]; }

Json measured_json(const ComparedModel& model) {
  Json json{
      {"name", model.name},
      {"family", model.family},
      {"encoding", model.encoding},
      {"task", name_of(model.task)},
      {"parameters", model.parameters},
      {"encoding_parameters", model.encoding_parameters},
      {"trained_context", model.trained_context},
      {"max_length", or_null(model.max_length)},
      {"context", model.context},
      {"convention", model.task == ScoringTask::causal ? Json(name_of(model.convention)) : Json()},
      {"stride", model.stride > 0 ? Json(model.stride) : Json()},
      {"tokens", model.summary.tokens},
      {"bytes", model.summary.extent.bytes},
      {"characters", model.summary.extent.characters},
      {"words", model.summary.extent.words},
      {"nll", model.summary.nll},
      {"perplexity", finite_or_null(model.summary.perplexity)},
      {"bits_per_byte", or_null(model.summary.bits_per_byte)},
      {"bits_per_byte_ci95", interval_json(model.bits_interval)},
      {"word_perplexity", or_null(model.summary.word_perplexity)},
      {"top1", model.summary.top1},
      {"top5", model.summary.top5},
      {"entropy", model.summary.entropy},
      {"lossy_share", model.lossy_share},
      {"unit", model.unit},
      {"units", units_json(model.units)},
      {"floors", floors_json(model.floors)},
      {"status", to_string(model.standing)},
      {"tokens_sha256", model.tokenizer},
      {"files", model.files},
      {"training", model.training ? Json::parse(model.training->json) : Json()}};
  if (model.untrained) json["untrained"] = true;
  json.update(curves_json(run_of(model)));
  for (const EncodingPicture& picture : model.pictures) {
    json["pictures"].push_back(picture_json(picture));
  }
  return json;
}

ComparedModel measured_model(const Json& json) {
  ComparedModel model;
  model.name = json.at("name");
  model.family = json.at("family");
  model.encoding = json.at("encoding");
  model.task = from_name<ScoringTask>(tasks, json.at("task"));
  model.context = json.at("context");
  model.stride = number_or(json.at("stride"), 0);
  if (const Json& name = json.at("convention"); !name.is_null()) {
    model.convention = parse_convention(name.get<std::string>());
  }
  model.trained_context = json.at("trained_context");
  model.max_length = optional_of<int64_t>(json.at("max_length"));
  model.parameters = json.at("parameters");
  model.encoding_parameters = json.at("encoding_parameters");
  model.untrained = json.value("untrained", false);
  model.tokenizer = json.at("tokens_sha256");
  model.lossy_share = json.at("lossy_share");
  read_summary(model, json);
  model.bits_interval = interval_of(json.at("bits_per_byte_ci95"));
  model.unit = json.at("unit");
  model.units = units_of(json.at("units"));
  model.floors = floors_from(json.at("floors"));
  model.standing = standing_from(json.at("status"));
  model.files = json.at("files").get<std::map<std::string, std::string>>();
  if (const Json& training = json.at("training"); !training.is_null()) {
    model.training = parse_training(model.name, training.dump());
  }
  SeedRun run;
  read_curves(run, json);
  model.by_position = run.by_position;
  model.by_length = run.by_length;
  model.disjoint = run.disjoint;
  model.training_curve = run.training_curve;
  for (const Json& picture : json.at("pictures")) model.pictures.push_back(picture_of(picture));
  model.runs = {run_of(model)};
  return model;
}

}  // namespace locus::cli
