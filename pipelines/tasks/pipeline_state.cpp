#include "pipelines/tasks/pipeline_state.hpp"

#include "base/error.hpp"
#include "pipelines/tokenizers.hpp"

namespace locus::pipelines {
namespace {

std::shared_ptr<const Model> given(std::shared_ptr<const Model> model) {
  if (!model) throw Error("pipeline", "a model", "none");
  return model;
}

}  // namespace

State::State(std::shared_ptr<const Model> opened, int threads, std::filesystem::path of_rules)
    : model(given(std::move(opened))),
      folder(of_rules.empty() ? model->folder() : std::move(of_rules)),
      stamps(model->stamps()),
      session(model->graph(), {.threads = threads}) {
  stamps.take(folder);
  stamps.take_below(folder);
}

void State::check() const {
  if (cancelled) throw Error::cancellation();
}

EncodeOptions State::encoding() const {
  EncodeOptions options;
  options.check = [this] { check(); };
  return options;
}

void State::take(std::string_view who, std::span<const int32_t> ids) {
  check_sequence(*model, who, ids);
  note(ids.size());
}

GeneratedTexts State::noted(std::span<const std::vector<int32_t>> prompts, GeneratedTexts texts) {
  const bool goes_on = !has_decoder(*model);
  for (size_t prompt = 0; prompt < texts.prompts.size(); ++prompt) {
    for (const GeneratedText& text : texts.prompts[prompt]) {
      note(text.ids.size() + (goes_on ? prompts[prompt].size() : 0));
    }
  }
  return texts;
}

const SentenceRules& State::sentence_rules() {
  if (!rules) {
    SentenceRules read = read_sentence_rules(folder);
    const auto mine = (folder / "any").lexically_normal().parent_path();
    stamps.expect_unchanged([&](const std::filesystem::path& file) {
      return file.parent_path() != mine || file.extension() == ".json";
    });
    rules = std::move(read);
  }
  return *rules;
}

const Tokenizer& State::opened_tokenizer(const std::function<void()>& also) {
  if (!tokenizer) {
    tokenizer = open_tokenizer(*model, {}, [&] {
      check();
      if (also) also();
    });
  }
  return *tokenizer;
}

std::shared_ptr<const Tokenizer> State::found_tokenizer() {
  if (!tokenizer) tokenizer = find_tokenizer(*model, [this] { check(); });
  return tokenizer;
}

ModelInput State::read(const TextPair& text) {
  return read_text(*model, opened_tokenizer(), text, encoding());
}

Turn::Turn(State& state) : state_(state) {
  if (!state_.busy.exchange(true)) return;
  throw Error("pipeline",
              "one call at a time: share() makes a pipeline for another thread "
              "or a callback",
              "a call that has not ended");
}

}  // namespace locus::pipelines
