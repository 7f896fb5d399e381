#include "tools/cli/verbs/tag.hpp"

#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

std::string bytes_of(Span span) {
  return std::to_string(span.begin) + "-" + std::to_string(span.end);
}

Json entities_json(const std::vector<TaggedText>& entities) {
  Json list = Json::array();
  for (const TaggedText& entity : entities) {
    list.push_back({{"label", entity.label},
                    {"probability", entity.probability},
                    {"begin", entity.bytes.begin},
                    {"end", entity.bytes.end},
                    {"text", entity.text}});
  }
  return {{"entities", std::move(list)}};
}

std::string entities_text(const std::vector<TaggedText>& entities) {
  if (entities.empty()) return "no entities\n";
  Table table({left("text", 12), left("label"), right("probability"), right("bytes")});
  for (const TaggedText& entity : entities) {
    table.add({visible(entity.text), visible(entity.label), fixed(entity.probability, 4),
               bytes_of(entity.bytes)});
  }
  return table.text(terminal_width());
}

Json replaced_json(const std::vector<ReplacedToken>& tokens) {
  Json list = Json::array();
  for (const ReplacedToken& token : tokens) {
    list.push_back({{"id", token.id},
                    {"token", token.token},
                    {"begin", token.bytes.begin},
                    {"end", token.bytes.end},
                    {"probability", token.probability},
                    {"replaced", token.probability > 0.5}});
  }
  return {{"tokens", std::move(list)}};
}

std::string replaced_text(const std::vector<ReplacedToken>& tokens) {
  Table table({left("token"), right("bytes"), right("probability"), left("replaced")});
  for (const ReplacedToken& token : tokens) {
    table.add({visible(token.token), bytes_of(token.bytes), fixed(token.probability, 4),
               token.probability > 0.5 ? "yes" : ""});
  }
  return table.text(terminal_width());
}

void show(const TagOptions& options, const Model& model, Json document, const std::string& text) {
  if (!options.common.json) return print(text);
  if (model.graph()->untrained()) document["untrained"] = true;
  print_json(document);
}

}  // namespace

void tag(const TagOptions& options, Pipeline& pipeline) {
  const Model& model = pipeline.model();
  const Aggregation aggregation = parse_aggregation(options.aggregation);
  const Cancellable cancellable(pipeline);
  if (model.spec().task == "replaced-tokens") {
    if (options.aggregation != TagOptions().aggregation) {
      throw UsageError("--aggregation does not work with a model that finds replaced tokens");
    }
    const auto tokens = pipeline.find_replaced(options.text);
    warn_of_task(pipeline);
    return show(options, model, replaced_json(tokens), replaced_text(tokens));
  }
  const auto entities = pipeline.tag(options.text, aggregation);
  warn_of_task(pipeline);
  show(options, model, entities_json(entities), entities_text(entities));
}

Action add_tag(Arguments& arguments) {
  const auto options = std::make_shared<TagOptions>();
  add_model(arguments, options->common);
  arguments.required("TEXT", options->text, "a text");
  arguments.option("--aggregation", &options->aggregation,
                   {"KIND",
                    "how tokens become entities: none, simple (neighbours of one type), first, "
                    "average or max (by whole words)",
                    Choices{"none", "simple", "first", "average", "max"}});
  arguments.example("locus tag path/to/model 'Ada Lovelace lived in London.'");
  return [options] {
    Pipeline pipeline = open_pipeline(options->common);
    tag(*options, pipeline);
  };
}

}  // namespace locus::cli
