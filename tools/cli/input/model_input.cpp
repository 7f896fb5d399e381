#include "tools/cli/input/model_input.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "engine/position.hpp"
#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/text_input.hpp"

namespace locus::cli {
namespace {

EncodedText encode_text(const Model& model, const InputOptions& options) {
  check_text("text", options.text);
  const auto tokenizer = open_tokenizer(model);
  if (options.pair.empty()) return tokenizer->encode(options.text);
  check_text("pair", options.pair);
  return tokenizer->encode_pair(options.text, options.pair);
}

void check_ids(const Model& model, std::string_view who, std::span<const int32_t> ids) {
  const auto vocabulary = model.graph()->vocabulary();
  for (const auto id : ids) {
    if (id >= 0 && id < vocabulary) continue;
    throw Error(who, "ids from 0 to " + std::to_string(vocabulary - 1), std::to_string(id));
  }
}

}  // namespace

bool given(const InputOptions& options) {
  return !options.text.empty() || !options.ids.empty() || !options.image.empty() ||
         !options.features.empty();
}

void add_ids(Arguments& arguments, std::string& ids) {
  arguments.option("--ids", &ids, {"ID,ID,...", "token ids instead of a text, used as they are"});
}

void add_pair(Arguments& arguments, std::string& pair) {
  arguments.option("--pair", &pair, {"TEXT", "a second text, joined as the tokenizer does it"});
}

int64_t longest_input(const Model& model) {
  const auto& graph = *model.graph();
  // An encoding that has a limit of its own tells it: hierarchical positions go beyond the context.
  if (graph.max_length() != PositionalEncoding::unlimited) return graph.max_length();
  const auto wanted = std::max(model.spec().context, graph.options().capacity);
  return wanted > 0 ? wanted : PositionalEncoding::unlimited;
}

void check_sequence(const Model& model, std::string_view who, std::span<const int32_t> ids) {
  expect_input(model, who, GraphInput::Kind::ids);
  if (ids.empty()) throw Error(who, "at least one token", "none");
  check_ids(model, who, ids);
  const auto longest = longest_input(model);
  const auto count = static_cast<int64_t>(ids.size());
  if (count <= longest) return;
  throw Error(who, "at most " + std::to_string(longest) + " tokens, the model's context",
              std::to_string(count));
}

namespace {

void expect_one_input(const InputOptions& options) {
  if (!options.ids.empty() && !options.text.empty()) {
    throw UsageError("expected a text or --ids, found both");
  }
  int given = 0;
  for (const auto* each : {&options.text, &options.ids, &options.image, &options.features}) {
    given += each->empty() ? 0 : 1;
  }
  if (given > 1) throw UsageError("expected one of a text, --ids, --image and --features");
}

}  // namespace

ModelInput read_input(const Model& model, const InputOptions& options) {
  expect_one_input(options);
  if (!options.image.empty()) return {{}, {}, read_image_features(model, options.image)};
  if (!options.features.empty()) return {{}, {}, read_feature_file(model, options.features)};
  if (!given(options)) {
    const GraphInput::Kind kind = model.graph()->input().kind;
    if (kind == GraphInput::Kind::map) throw UsageError("expected --image for this model");
    if (kind == GraphInput::Kind::features) throw UsageError("expected --features for this model");
  }
  expect_input(model, options.ids.empty() ? "text" : "--ids", GraphInput::Kind::ids);
  if (!options.ids.empty()) return {read_ids(model, options.ids)};
  auto encoding = encode_text(model, options);
  check_sequence(model, "text", encoding.ids);
  return {std::move(encoding.ids), std::move(encoding.type_ids)};
}

std::vector<int32_t> read_ids(const Model& model, const std::string& ids) {
  auto parsed = parse_ids("--ids", ids);
  check_sequence(model, "--ids", parsed);
  return parsed;
}

}  // namespace locus::cli
