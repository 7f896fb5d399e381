#include "tools/cli/verbs/classify.hpp"

#include "base/error.hpp"
#include "models/classify.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

/// Classes with their names, best first, and what a value is.
struct Classification {
  std::vector<ClassScore> scores;
  std::vector<std::string> labels;  ///< by id
  std::string value = "probability";
};

std::vector<std::string> label_names(const Model& model, size_t count) {
  if (model.spec().task == "next-sentence" && model.labels().empty()) {
    return {"next", "random"};  // what the classes of `cls.seq_relationship` are trained for
  }
  std::vector<std::string> names;
  for (size_t id = 0; id < count; ++id) {
    names.push_back(label_of(model.labels(), static_cast<int64_t>(id)));
  }
  return names;
}

Classification classify_text(const ClassifyOptions& options, const Model& model) {
  if (model.spec().task == "next-sentence" && options.input.pair.empty() &&
      !options.input.text.empty()) {
    throw UsageError("expected --pair with the sentence that may follow");
  }
  const auto input = read_input(model, options.input);
  Session session(model.graph(), session_options(options.common));
  const Cancellable cancellable(session);
  Classification result;
  result.scores = locus::classify(session, input.sequence());
  result.labels = label_names(model, result.scores.size());
  if (model.spec().task == "sequence-regression") result.value = "value";
  return result;
}

Classification choose_text(const ClassifyOptions& options, const Model& model) {
  if (options.choices.size() < 2) throw UsageError("expected --choice twice or more");
  if (!options.input.image.empty()) expect_input(model, "--image", GraphInput::Kind::map);
  check_text("text", options.input.text);
  const auto tokenizer = open_tokenizer(model);
  std::vector<EncodedText> encodings;
  for (const std::string& choice : options.choices) {
    check_text("choice", choice);
    encodings.push_back(tokenizer->encode_pair(options.input.text, choice));
    check_sequence(model, "choice", encodings.back().ids);
  }
  std::vector<Sequence> sequences;
  sequences.reserve(encodings.size());
  for (const EncodedText& encoding : encodings) {
    sequences.push_back({encoding.ids, encoding.type_ids, {}});
  }
  Session session(model.graph(), session_options(options.common));
  const Cancellable cancellable(session);
  return {choose(session, sequences), options.choices};
}

Json to_json(const Classification& result, const Model& model) {
  Json labels = Json::array();
  for (const auto& [id, value] : result.scores) {
    labels.push_back(
        {{"id", id}, {"label", result.labels[static_cast<size_t>(id)]}, {result.value, value}});
  }
  Json document{{"task", model.spec().task}, {"labels", std::move(labels)}};
  if (model.graph()->untrained()) document["untrained"] = true;
  return document;
}

std::string to_text(const Classification& result) {
  Table table({left("label"), right(result.value)});
  for (const auto& [id, value] : result.scores) {
    table.add({visible(result.labels[static_cast<size_t>(id)]), fixed(value, 4)});
  }
  return table.text(terminal_width());
}

}  // namespace

void classify(const ClassifyOptions& options, const Model& model) {
  const bool choosing = chooses(model.spec());
  if (!choosing && !options.choices.empty()) {
    throw UsageError("expected --choice for a multiple-choice model alone");
  }
  const Classification result =
      choosing ? choose_text(options, model) : classify_text(options, model);
  if (options.common.json) return print_json(to_json(result, model));
  print(to_text(result));
}

Action add_classify(Arguments& arguments) {
  const auto options = std::make_shared<ClassifyOptions>();
  add_model(arguments, options->common);
  arguments.positional("TEXT", &options->input.text, "a text");
  add_ids(arguments, options->input.ids);
  add_pair(arguments, options->input.pair);
  add_image(arguments, options->input.image);
  arguments.option("--choice", &options->choices,
                   {"TEXT", "a way to go on, for multiple-choice models; given for each"});
  arguments.example("locus classify path/to/model 'I liked it.'");
  return [options] { classify(*options, *open_model(options->common)); };
}

}  // namespace locus::cli
