#include "pipelines/model_input.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "engine/position.hpp"

namespace locus {
namespace {

void check_ids(const Model& model, std::string_view who, std::span<const int32_t> ids) {
  const auto vocabulary = model.graph()->vocabulary();
  for (const auto id : ids) {
    if (id >= 0 && id < vocabulary) continue;
    throw Error(who, "ids from 0 to " + std::to_string(vocabulary - 1), std::to_string(id));
  }
}

EncodedText with_types_of(const Tokenizer& tokenizer, EncodedText encoding) {
  if (!tokenizer.gives_type_ids()) std::ranges::fill(encoding.type_ids, 0);
  return encoding;
}

// Nothing follows an end token, and so the one that a template adds to a causal prompt goes.
std::vector<int32_t> without_end(EncodedText encoding, std::span<const int32_t> ends) {
  auto& ids = encoding.ids;
  while (ids.size() > 1 && encoding.special[ids.size() - 1] &&
         std::find(ends.begin(), ends.end(), ids.back()) != ends.end()) {
    ids.pop_back();
  }
  return std::move(ids);
}

std::vector<int32_t> prompt_ids(const Model& model, const Tokenizer& tokenizer,
                                std::string_view prompt, const EncodeOptions& options) {
  EncodedText encoding = tokenizer.encode(prompt, options);
  if (model.spec().task == "sequence-to-sequence") return std::move(encoding.ids);
  return without_end(std::move(encoding), model.special().all_eos);
}

}  // namespace

void check_text(std::string_view who, std::string_view text) {
  if (text.empty()) throw Error(who, "a text that is not empty", "nothing");
  utf8::require_utf8(text, who);
}

EncodedText encode_for_model(const Tokenizer& tokenizer, std::string_view text,
                             const EncodeOptions& options) {
  return with_types_of(tokenizer, tokenizer.encode(text, options));
}

EncodedText encode_pair_for_model(const Tokenizer& tokenizer, std::string_view first,
                                  std::string_view second, const EncodeOptions& options) {
  return with_types_of(tokenizer, tokenizer.encode_pair(first, second, options));
}

ModelInput read_text(const Model& model, const Tokenizer& tokenizer, const TextPair& text,
                     const EncodeOptions& options) {
  const auto& [first, second] = text;
  check_text("text", first);
  if (!second.empty()) check_text("pair", second);
  EncodedText encoding = second.empty() ? encode_for_model(tokenizer, first, options)
                                        : encode_pair_for_model(tokenizer, first, second, options);
  check_sequence(model, "text", encoding.ids);
  return {std::move(encoding.ids), std::move(encoding.type_ids)};
}

std::vector<int32_t> read_prompt(const Model& model, const Tokenizer& tokenizer,
                                 std::string_view prompt, const EncodeOptions& options) {
  check_text("prompt", prompt);
  std::vector<int32_t> ids = prompt_ids(model, tokenizer, prompt, options);
  check_sequence(model, "prompt", ids);
  return ids;
}

std::vector<int32_t> read_blank_prompt(const Model& model, const Tokenizer& tokenizer,
                                       std::string_view who, const EncodeOptions& options) {
  std::vector<int32_t> ids = prompt_ids(model, tokenizer, "", options);
  const auto& begin = model.special().bos;
  if (ids.empty() && begin) ids.push_back(*begin);
  if (ids.empty()) {
    throw Error(who, "a text that is not empty: no token begins texts here", "nothing");
  }
  check_sequence(model, who, ids);
  return ids;
}

int64_t default_length(const Model& model) {
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
  const auto longest = model.graph()->max_length();
  const auto count = static_cast<int64_t>(ids.size());
  if (count > longest) {
    throw Error(who, "at most " + std::to_string(longest) + " tokens, the model's context",
                std::to_string(count));
  }
  if (count <= max_sequence_length) return;
  throw Error(who, "at most " + std::to_string(max_sequence_length) + " tokens",
              std::to_string(count));
}

}  // namespace locus
