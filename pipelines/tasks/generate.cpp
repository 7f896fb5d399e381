#include "models/generate.hpp"

#include "base/error.hpp"
#include "base/float_environment.hpp"
#include "pipelines/tasks/generation_limits.hpp"
#include "pipelines/tasks/generator.hpp"
#include "pipelines/tasks/pipeline_state.hpp"
#include "pipelines/tokenizers.hpp"

namespace locus {
namespace {

void expect_generator(const Model& model) {
  const auto& task = model.spec().task;
  if (task == "causal-lm" || task == "sequence-to-sequence") return;
  throw Error("generate", "a causal or sequence-to-sequence model", task);
}

/// A translator's languages: what the decoder begins with, and the code that goes before the
/// source. Throws Error for a model whose tokenizer knows no languages.
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

GeneratedText Pipeline::generate(std::string_view prompt, const GenerateOptions& options) {
  const std::string prompts[] = {std::string(prompt)};
  return std::move(generate(prompts, options).prompts.front().front());
}

GeneratedTexts Pipeline::generate(std::span<const std::string> prompts,
                                  const GenerateOptions& options) try {
  const DefaultFloats floats;
  const Turn turn(*this);
  expect_generator(model());
  GenerationSettings settings = generation_settings(model(), options);
  state_->opened_tokenizer();  // is there, whatever the language
  const auto& language = options.languages.source;
  const auto check = state_->encoding().check;
  const auto source =
      language.empty() ? state_->tokenizer : open_tokenizer(model(), language, check);
  const std::string code =
      take_languages(options.languages, model(), source.get(), check, settings);
  pipelines::check_stop_texts(settings, source.get());
  EncodeOptions encoding_options = state_->encoding();
  encoding_options.special = options.special;
  std::vector<std::vector<int32_t>> read;
  for (const std::string& prompt : prompts) {
    const bool among_others = prompts.size() > 1;
    if (!among_others) check_text("prompt", prompt);  // before a code stands in front of it
    const std::string who = "prompt " + std::to_string(read.size() + 1), text = code + prompt;
    read.push_back(text.empty() && among_others
                       ? read_blank_prompt(model(), *source, who, encoding_options)
                       : read_prompt(model(), *source, text, encoding_options));
    state_->note(read.back().size());
  }
  settings.max_tokens = pipelines::max_tokens(options, model(), settings, read);
  return state_->noted(read, pipelines::Generator(session(), source, settings, options).run(read));
} catch (...) {
  throw_as_error("generate");
}

GeneratedTexts Pipeline::generate(std::span<const std::vector<int32_t>> prompts,
                                  const GenerateOptions& options) try {
  const DefaultFloats floats;
  const Turn turn(*this);
  expect_generator(model());
  GenerationSettings settings = generation_settings(model(), options);
  const auto check = state_->encoding().check;
  if (!state_->tokenizer) state_->tokenizer = find_tokenizer(model(), check);
  take_languages(options.languages, model(), state_->tokenizer.get(), check, settings);
  pipelines::check_stop_texts(settings, state_->tokenizer.get());
  for (const auto& prompt : prompts) state_->take("prompt", prompt);
  settings.max_tokens = pipelines::max_tokens(options, model(), settings, prompts);
  pipelines::Generator generator(session(), state_->tokenizer, settings, options);
  return state_->noted(prompts, generator.run(prompts));
} catch (...) {
  throw_as_error("generate");
}

}  // namespace locus
