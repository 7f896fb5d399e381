#include "models/generate.hpp"

#include "base/error.hpp"
#include "pipelines/tasks/generation_limits.hpp"
#include "pipelines/tasks/generator.hpp"
#include "pipelines/tasks/tasks.hpp"
#include "pipelines/tokenizers.hpp"

namespace locus::pipelines {
namespace {

void expect_generator(const Model& model) {
  const auto& task = model.spec().task;
  if (task == "causal-lm" || task == "sequence-to-sequence") return;
  throw Error("generate", "a causal or sequence-to-sequence model", task);
}

/// A translator's languages: what the decoder begins with, and the code that
/// goes before the source. Throws Error for a model whose tokenizer knows no
/// languages.
std::string take_languages(const Languages& languages, const Model& model,
                           const Tokenizer* tokenizer, const std::function<void()>& check,
                           GenerationSettings& settings) {
  const auto& [source, target] = languages;
  const std::string& family = model.spec().family;
  if (!languages.given()) return "";
  if (!tokenizer) throw Error("languages", "a tokenizer in the model's folder", "none");
  if (family == "marian" && source.empty()) return marian_code(*tokenizer, target);
  if (family != "mbart") throw Error("languages", "a model that knows them (mBART)", family);
  if (target.empty()) return "";
  const auto beginning = target_beginning(model, *open_target_tokenizer(model, target, check));
  if (beginning.start && beginning.after_start.empty()) settings.decoder_start = beginning.start;
  if (!beginning.after_start.empty()) settings.forced.first = beginning.after_start.front();
  return "";
}

}  // namespace

GeneratedTexts continue_texts(State& state, std::span<const std::string> prompts,
                              const GenerateOptions& options) {
  expect_generator(*state.model);
  GenerationSettings settings = generation_settings(*state.model, options);
  state.opened_tokenizer();  // is there, whatever the language
  const auto& language = options.languages.source;
  const auto check = state.encoding().check;
  const auto source =
      language.empty() ? state.tokenizer : open_tokenizer(*state.model, language, check);
  const std::string code =
      take_languages(options.languages, *state.model, source.get(), check, settings);
  check_stop_texts(settings, source.get());
  EncodeOptions encoding_options = state.encoding();
  encoding_options.special = options.special;
  std::vector<std::vector<int32_t>> read;
  for (const std::string& prompt : prompts) {
    const bool among_others = prompts.size() > 1;
    if (!among_others) check_text("prompt", prompt);  // before a code stands in front of it
    const std::string who = "prompt " + std::to_string(read.size() + 1), text = code + prompt;
    read.push_back(text.empty() && among_others
                       ? read_blank_prompt(*state.model, *source, who, encoding_options)
                       : read_prompt(*state.model, *source, text, encoding_options));
    state.note(read.back().size());
  }
  settings.max_tokens = max_tokens(options, *state.model, settings, read);
  return state.noted(read, Generator(state.session, source, settings, options).run(read));
}

GeneratedTexts continue_ids(State& state, Prompts prompts, const GenerateOptions& options) {
  expect_generator(*state.model);
  GenerationSettings settings = generation_settings(*state.model, options);
  const auto tokenizer = state.found_tokenizer();
  take_languages(options.languages, *state.model, tokenizer.get(), state.encoding().check,
                 settings);
  check_stop_texts(settings, tokenizer.get());
  for (const auto& prompt : prompts) state.take("prompt", prompt);
  settings.max_tokens = max_tokens(options, *state.model, settings, prompts);
  Generator generator(state.session, tokenizer, settings, options);
  return state.noted(prompts, generator.run(prompts));
}

}  // namespace locus::pipelines
