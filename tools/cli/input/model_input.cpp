#include "tools/cli/input/model_input.hpp"

#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/text_input.hpp"

namespace locus::cli {
bool given(const InputOptions& options) {
  return options.text || !options.ids.empty() || !options.image.empty() ||
         !options.features.empty();
}

OptionRules add_ids(Arguments& arguments, std::string& ids) {
  return arguments.option("--ids", &ids,
                          {"ID,ID,...", "token ids instead of a text, used as they are"});
}

OptionRules add_pair(Arguments& arguments, std::string& pair) {
  return arguments.option("--pair", &pair,
                          {"TEXT", "a second text, joined as the tokenizer does it"});
}

namespace {

void expect_one_input(const InputOptions& options) {
  if (!options.ids.empty() && options.text) {
    throw UsageError("expected a text or --ids, found both");
  }
  int given = options.text ? 1 : 0;
  for (const auto* each : {&options.ids, &options.image, &options.features}) {
    given += each->empty() ? 0 : 1;
  }
  if (given > 1) throw UsageError("expected one of a text, --ids, --image and --features");
}

}  // namespace

ModelInput read_input(Pipeline& pipeline, const InputOptions& options) {
  const Model& model = pipeline.model();
  expect_one_input(options);
  if (!options.image.empty()) return {{}, {}, read_image_input(model, options.image)};
  if (!options.features.empty()) return {{}, {}, read_feature_file(model, options.features)};
  if (!given(options)) {
    const GraphInput::Kind kind = model.graph()->input().kind;
    if (kind == GraphInput::Kind::map) throw UsageError("expected --image for this model");
    if (kind == GraphInput::Kind::features) throw UsageError("expected --features for this model");
    throw UsageError("expected a text or --ids");
  }
  expect_input(model, options.ids.empty() ? "text" : "--ids", GraphInput::Kind::ids);
  if (!options.ids.empty()) return {read_ids(model, options.ids)};
  check_text("text", *options.text);
  return read_text(model, pipeline.tokenizer(), {*options.text, options.pair});
}

std::vector<int32_t> read_ids(const Model& model, const std::string& ids) {
  auto parsed = parse_ids("--ids", ids);
  check_sequence(model, "--ids", parsed);
  return parsed;
}

}  // namespace locus::cli
