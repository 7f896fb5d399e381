#include "pipelines/text_run.hpp"

#include <map>

#include "base/error.hpp"
#include "pipelines/tasks/generation_limits.hpp"
#include "pipelines/tasks/pipeline_state.hpp"
#include "pipelines/text/growing_text.hpp"

namespace locus {

bool can_write_side_by_side(const Model& model, const GenerateOptions& options) {
  return model.spec().task == "causal-lm" && generation_settings(model, options).beam.beams == 1;
}

struct TextRun::State {
  State(Pipeline& of_run, std::shared_ptr<const Tokenizer> of_texts)
      : turn(of_run.state()),
        model(of_run.model()),
        tokenizer(std::move(of_texts)),
        run(of_run.session()) {}

  /// A text as its listener hears it.
  struct Heard {
    pipelines::GrowingText text;
    TextCallback on_text;
    /// Whether more is wanted.
    bool tell(int64_t number, const std::string& piece) const {
      return !on_text || piece.empty() || on_text(number, piece);
    }
  };

  bool take(int64_t number, int32_t id) {
    Heard& heard = texts.at(number);
    return heard.tell(number, heard.text.push(id)) && !heard.text.stopped();
  }

  GeneratedText finish(int64_t number, Generated generated) {
    Heard heard = std::move(texts.extract(number).mapped());
    heard.tell(number, heard.text.finish());
    return {heard.text.text(), std::move(generated.ids), generated.score, generated.finish};
  }

  pipelines::Turn turn;
  const Model& model;
  std::shared_ptr<const Tokenizer> tokenizer;
  GenerationRun run;
  std::map<int64_t, Heard> texts;
};

TextRun::TextRun(Pipeline& pipeline, std::shared_ptr<const Tokenizer> tokenizer)
    : state_(std::make_unique<State>(pipeline, std::move(tokenizer))) {}
TextRun::~TextRun() = default;

int64_t TextRun::add(std::vector<int32_t> prompt, const GenerateOptions& options, int64_t place) {
  const Model& model = state_->model;
  check_sequence(model, "prompt", prompt);
  GenerationSettings settings = generation_settings(model, options);
  pipelines::check_stop_texts(settings, state_->tokenizer.get());
  settings.max_tokens = pipelines::max_tokens(options, model, settings, {&prompt, 1});
  settings.on_token = [state = state_.get()](int64_t number, int32_t id) {
    return state->take(number, id);
  };
  const std::span<const int32_t> before = prompt;
  pipelines::GrowingText text(state_->tokenizer, settings.stop_texts,
                              options.after_prompt ? before : before.first(0));
  const int64_t number = state_->run.add({std::move(prompt), std::move(settings), place});
  state_->texts.emplace(number, State::Heard{std::move(text), options.on_text});
  return number;
}

void TextRun::stop(int64_t number) { state_->run.stop(number); }
size_t TextRun::texts() const { return state_->run.texts(); }

std::vector<TextRun::Ended> TextRun::step() {
  std::vector<Ended> ended;
  for (auto& [number, generated, failure] : state_->run.step()) {
    ended.push_back({number, state_->finish(number, std::move(generated)), std::move(failure)});
  }
  return ended;
}

}  // namespace locus
