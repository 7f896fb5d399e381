#include "engine/error.hpp"
#include "tools/cli/embed.hpp"
#include "tools/cli/fill_mask.hpp"
#include "tools/cli/generate.hpp"
#include "tools/cli/verbs.hpp"

namespace locus::cli {
namespace {

struct RunOptions {
  CommonOptions common;
  std::string text;
};

void run(const RunOptions& options) {
  const auto model = open_model(options.common);
  const auto& task = model->spec().task;
  if (task == "masked-lm") {
    FillMaskOptions wanted;
    wanted.common = options.common;
    wanted.input.text = options.text;
    fill_mask(wanted, *model);
  } else if (task == "causal-lm" || task == "sequence-to-sequence") {
    GenerateOptions wanted;
    wanted.common = options.common;
    wanted.prompts = {options.text};
    generate(wanted, *model);
  } else {
    EmbedOptions wanted;
    wanted.common = options.common;
    wanted.texts = {options.text};
    embed(wanted, *model);
  }
}

}  // namespace

Action add_run(Arguments& arguments) {
  const auto options = std::make_shared<RunOptions>();
  add_model(arguments, options->common);
  arguments.required("TEXT", options->text, "a text");
  arguments.example("locus run causal-rope 'The kernel'");
  return [options] { run(*options); };
}

}  // namespace locus::cli
