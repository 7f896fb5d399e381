#include "tools/cli/verbs/classify.hpp"

#include "models/classify.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

std::vector<LabelScore> classify_text(const ClassifyOptions& options, Pipeline& pipeline) {
  const Model& model = pipeline.model();
  if (model.spec().task == "next-sentence" && options.input.pair.empty() && options.input.text) {
    throw UsageError("expected --pair with the sentence that may follow");
  }
  return pipeline.classify(read_input(pipeline, options.input));
}

std::vector<LabelScore> choose_text(const ClassifyOptions& options, Pipeline& pipeline) {
  if (options.choices.size() < 2) throw UsageError("expected --choice twice or more");
  if (!options.input.image.empty()) {
    expect_input(pipeline.model(), "--image", GraphInput::Kind::map);
  }
  return pipeline.choose(options.input.text.value_or(""), options.choices);
}

/// What a value is.
std::string value_name(const Model& model) {
  return model.spec().task == "sequence-regression" ? "value" : "probability";
}

Json to_json(const std::vector<LabelScore>& scores, const Model& model) {
  Json labels = Json::array();
  for (const auto& [id, label, value] : scores) {
    labels.push_back({{"id", id}, {"label", label}, {value_name(model), value}});
  }
  Json document{{"task", model.spec().task}, {"labels", std::move(labels)}};
  if (model.graph()->untrained()) document["untrained"] = true;
  return document;
}

std::string to_text(const std::vector<LabelScore>& scores, const Model& model) {
  Table table({left("label"), right(value_name(model))});
  for (const LabelScore& score : scores) table.add({visible(score.label), fixed(score.value, 4)});
  return table.text(terminal_width());
}

}  // namespace

void classify(const ClassifyOptions& options, Pipeline& pipeline) {
  const Model& model = pipeline.model();
  const bool choosing = chooses(model.spec());
  if (!choosing && !options.choices.empty()) {
    throw UsageError("expected --choice for a multiple-choice model alone");
  }
  const Cancellable cancellable(pipeline);
  const auto scores = choosing ? choose_text(options, pipeline) : classify_text(options, pipeline);
  warn_of_task(pipeline);
  if (options.common.json) return print_json(to_json(scores, model));
  print(to_text(scores, model));
}

Action add_classify(Arguments& arguments) {
  const auto options = std::make_shared<ClassifyOptions>();
  add_model(arguments, options->common);
  arguments.positional("TEXT", &options->input.text, "a text");
  add_ids(arguments, options->input.ids);
  add_pair(arguments, options->input.pair).excludes({"--ids", "--image"});
  add_image(arguments, options->input.image);
  arguments
      .option("--choice", &options->choices,
              {"TEXT", "a way to go on, for multiple-choice models; given for each", AnyText()})
      .excludes({"--ids", "--pair", "--image"});
  arguments.example("locus classify path/to/model 'I liked it.'");
  return [options] {
    Pipeline pipeline = open_pipeline(options->common);
    classify(*options, pipeline);
  };
}

}  // namespace locus::cli
