#include "models/fill_mask.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "pipelines/tasks/tasks.hpp"

namespace locus::pipelines {
namespace {

void expect_masked(const Model& model) {
  if (model.spec().task == "masked-lm") return;
  throw Error("fill-mask", "a masked language model", model.spec().task);
}

int32_t mask_of(const Tokenizer& tokenizer) {
  const auto mask = tokenizer.special_ids().mask;
  if (!mask) throw Error("tokenizer", "a mask token", "none in " + tokenizer.description());
  return *mask;
}

void expect_mask(const ModelInput& input, const Tokenizer& tokenizer) {
  const int32_t mask = mask_of(tokenizer);
  if (std::ranges::count(input.ids, mask)) return;
  throw Error("fill-mask", "the mask token " + tokenizer.token(mask) + " in the text", "none");
}

}  // namespace

std::vector<MaskCandidates> fill_text(State& state, std::string_view text, int64_t top) {
  expect_masked(*state.model);
  return fill_input(state, state.read({text}), top);
}

std::vector<MaskCandidates> fill_input(State& state, const ModelInput& input, int64_t top) {
  expect_masked(*state.model);
  const Tokenizer& tokenizer = state.opened_tokenizer();
  expect_mask(input, tokenizer);
  state.note(input.ids.size());
  std::vector<MaskCandidates> masks;
  for (const FilledMask& filled : locus::fill_mask(state.session, input.sequence(),
                                                   {.mask = mask_of(tokenizer), .top = top})) {
    MaskCandidates& mask = masks.emplace_back(MaskCandidates{filled.position, {}});
    for (const auto& [id, probability] : filled.candidates) {
      mask.tokens.push_back({id, tokenizer.token(id), probability});
    }
  }
  return masks;
}

}  // namespace locus::pipelines
