#include "pipelines/tasks/generator.hpp"

#include <algorithm>
#include <chrono>

#include "base/error.hpp"

namespace locus::pipelines {

Generator::Generator(Session& session, std::shared_ptr<const Tokenizer> tokenizer,
                     GenerationSettings settings, const GenerateOptions& options)
    : session_(session),
      tokenizer_(std::move(tokenizer)),
      settings_(std::move(settings)),
      options_(options) {}

GeneratedTexts Generator::run(Prompts prompts) {
  const size_t batch = options_.batch > 0 ? options_.batch : prompts.size();
  GeneratedTexts texts;
  const auto start = std::chrono::steady_clock::now();
  for (size_t first = 0; first < prompts.size() && !cancelled_; first += batch) {
    const auto part = prompts.subspan(first, std::min(batch, prompts.size() - first));
    for (const auto& results : run_batch(part, first)) {
      const auto& ids = prompts[texts.prompts.size()];
      auto& shown_results = texts.prompts.emplace_back();
      for (const Generated& result : results) shown_results.push_back(shown(result, ids));
      const auto prompt = static_cast<int64_t>(texts.prompts.size()) - 1;
      if (options_.on_result) options_.on_result(prompt, shown_results);
    }
  }
  texts.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  texts.decoded = tokenizer_ != nullptr;
  texts.cancelled = cancelled_;
  return texts;
}

std::vector<std::vector<Generated>> Generator::run_batch(Prompts prompts, size_t first) {
  chosen_.assign(prompts.size(), {});
  writers_.clear();
  for (const auto& prompt : prompts) writers_.push_back(writer(prompt));
  settings_.on_token = [&](int64_t prompt, int32_t id) {
    return take(static_cast<size_t>(prompt), first, id);
  };
  std::vector<std::vector<Generated>> results;
  try {
    results = locus::generate(session_, prompts, settings_);
  } catch (const Error& error) {
    if (!error.cancelled()) throw;
    cancelled_ = true;
    for (auto& ids : chosen_) results.push_back({{std::move(ids), 0, Finish::cancelled}});
  }
  finish_texts(first);
  return results;
}

// A text ends at its own stop text, whatever the others do.
bool Generator::take(size_t prompt, size_t first, int32_t id) {
  chosen_[prompt].push_back(id);
  if (settings_.stop_texts.empty() && !options_.on_text) return true;
  GrowingText& writer = writers_[prompt];
  const std::string piece = writer.push(id);
  const auto number = static_cast<int64_t>(first + prompt);
  const bool wanted = !options_.on_text || piece.empty() || options_.on_text(number, piece);
  return wanted && !writer.stopped();
}

// What a writer held back, since a stop text might have begun there.
void Generator::finish_texts(size_t first) {
  if (!options_.on_text) return;
  for (size_t prompt = 0; prompt < writers_.size(); ++prompt) {
    const std::string rest = writers_[prompt].finish();
    if (!rest.empty()) options_.on_text(static_cast<int64_t>(first + prompt), rest);
  }
}

GrowingText Generator::writer(std::span<const int32_t> prompt) const {
  if (!options_.after_prompt) prompt = {};
  return GrowingText(tokenizer_, settings_.stop_texts, prompt);
}

GeneratedText Generator::shown(const Generated& generated, std::span<const int32_t> prompt) const {
  GrowingText text = writer(prompt);
  for (const auto id : generated.ids) text.push(id);
  text.finish();
  return {text.text(), generated.ids, generated.score, generated.finish};
}

}  // namespace locus::pipelines
