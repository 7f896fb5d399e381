#include "tools/cli/verbs/fill_mask.hpp"

#include "base/error.hpp"
#include "models/fill_mask.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

int32_t mask_of(const Tokenizer& tokenizer) {
  const auto mask = tokenizer.special_ids().mask;
  if (!mask) throw Error("tokenizer", "a mask token", "none in " + tokenizer.description());
  return *mask;
}

Json to_json(const std::vector<FilledMask>& masks, const Tokenizer& tokenizer, bool untrained) {
  Json list = Json::array();
  for (const auto& mask : masks) {
    Json entry{{"position", mask.position}, {"tokens", Json::array()}};
    for (const auto& [id, probability] : mask.candidates) {
      entry["tokens"].push_back(
          {{"id", id}, {"token", tokenizer.token(id)}, {"probability", probability}});
    }
    if (untrained) entry["untrained"] = true;
    list.push_back(std::move(entry));
  }
  return list;
}

std::string to_text(const std::vector<FilledMask>& masks, const Tokenizer& tokenizer) {
  Table table({right("position"), right("rank"), right("id"), left("token"), right("probability")});
  for (const auto& mask : masks) {
    int rank = 1;
    for (const auto& [id, probability] : mask.candidates) {
      table.add({rank == 1 ? std::to_string(mask.position) : "", std::to_string(rank),
                 std::to_string(id), visible(tokenizer.token(id)), fixed(probability, 4)});
      ++rank;
    }
  }
  return table.text(terminal_width());
}

}  // namespace

void fill_mask(const FillMaskOptions& options, const Model& model) {
  if (model.spec().task != "masked-lm") {
    throw Error("fill-mask", "a masked language model", model.spec().task);
  }
  const auto tokenizer = open_tokenizer(model);
  const auto input = read_input(model, options.input);
  Session session(model.graph(), session_options(options.common));
  const Cancellable cancellable(session);
  const auto masks = locus::fill_mask(session, {input.ids, input.type_ids},
                                      {.mask = mask_of(*tokenizer), .top = options.top});
  if (options.common.json) {
    print_json(to_json(masks, *tokenizer, model.graph()->untrained()));
  } else {
    print(to_text(masks, *tokenizer));
  }
}

Action add_fill_mask(Arguments& arguments) {
  const auto options = std::make_shared<FillMaskOptions>();
  add_model(arguments, options->common);
  arguments.positional("TEXT", &options->input.text, "a text with the tokenizer's mask token");
  add_ids(arguments, options->input.ids);
  add_pair(arguments, options->input.pair);
  arguments.option("--top", &options->top, {"K", "candidates for each gap", Range{1, 1e6}});
  arguments.example("locus fill-mask masked-roformer 'The <mask> is read at boot.'");
  return [options] { fill_mask(*options, *open_model(options->common)); };
}

}  // namespace locus::cli
