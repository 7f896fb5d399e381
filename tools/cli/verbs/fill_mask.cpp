#include "tools/cli/verbs/fill_mask.hpp"

#include "base/error.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

Json to_json(const std::vector<MaskCandidates>& masks, bool untrained) {
  Json list = Json::array();
  for (const auto& mask : masks) {
    Json entry{{"position", mask.position}, {"tokens", Json::array()}};
    for (const auto& [id, token, probability] : mask.tokens) {
      entry["tokens"].push_back({{"id", id}, {"token", token}, {"probability", probability}});
    }
    if (untrained) entry["untrained"] = true;
    list.push_back(std::move(entry));
  }
  return list;
}

std::string to_text(const std::vector<MaskCandidates>& masks) {
  Table table({right("position"), right("rank"), right("id"), left("token"), right("probability")});
  for (const auto& mask : masks) {
    int rank = 1;
    for (const auto& [id, token, probability] : mask.tokens) {
      table.add({rank == 1 ? std::to_string(mask.position) : "", std::to_string(rank),
                 std::to_string(id), visible(token), fixed(probability, 4)});
      ++rank;
    }
  }
  return table.text(terminal_width());
}

}  // namespace

void fill_mask(const FillMaskOptions& options, Pipeline& pipeline) {
  const Model& model = pipeline.model();
  if (model.spec().task != "masked-lm") {
    throw Error("fill-mask", "a masked language model", model.spec().task);
  }
  const Cancellable cancellable(pipeline);
  const auto masks = pipeline.fill_mask(read_input(pipeline, options.input), options.top);
  warn_of_task(pipeline);
  if (options.common.json) {
    print_json(to_json(masks, model.graph()->untrained()));
  } else {
    print(to_text(masks));
  }
}

Action add_fill_mask(Arguments& arguments) {
  const auto options = std::make_shared<FillMaskOptions>();
  add_model(arguments, options->common);
  arguments.positional("TEXT", &options->input.text, "a text with the tokenizer's mask token");
  add_ids(arguments, options->input.ids);
  add_pair(arguments, options->input.pair).excludes({"--ids"});
  arguments.option("--top", &options->top, {"K", "candidates for each gap", Range{1, 1e6}});
  arguments.example("locus fill-mask masked-rope 'The <mask> is read at boot.'");
  return [options] {
    Pipeline pipeline = open_pipeline(options->common);
    fill_mask(*options, pipeline);
  };
}

}  // namespace locus::cli
