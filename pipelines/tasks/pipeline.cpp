#include "pipelines/pipeline.hpp"

#include "base/error.hpp"
#include "base/float_environment.hpp"
#include "engine/options.hpp"
#include "pipelines/model_files.hpp"
#include "pipelines/tasks/pipeline_state.hpp"
#include "pipelines/tokenizers.hpp"
#include "pipelines/unread_keys.hpp"

namespace locus {

std::shared_ptr<const Model> Pipeline::State::given(std::shared_ptr<const Model> model) {
  if (!model) throw Error("pipeline", "a model", "none");
  return model;
}

void Pipeline::State::check() const {
  if (cancelled) throw Error::cancellation();
}

void Pipeline::State::take(std::string_view who, std::span<const int32_t> ids) {
  check_sequence(*model, who, ids);
  note(ids.size());
}

GeneratedTexts Pipeline::State::noted(std::span<const std::vector<int32_t>> prompts,
                                      GeneratedTexts texts) {
  const bool goes_on = !has_decoder(*model);
  for (size_t prompt = 0; prompt < texts.prompts.size(); ++prompt) {
    for (const GeneratedText& text : texts.prompts[prompt]) {
      note(text.ids.size() + (goes_on ? prompts[prompt].size() : 0));
    }
  }
  return texts;
}

Pipeline::State& Pipeline::state() const {
  if (state_) return *state_;
  throw Error("pipeline", "one that holds a model", "one that was moved from");
}

Pipeline::Turn::Turn(const Pipeline& pipeline) : state_(pipeline.state()) {
  if (!state_.busy.exchange(true)) return;
  throw Error("pipeline",
              "one call at a time: share() makes a pipeline for another thread or a callback",
              "a call that has not ended");
}

Pipeline Pipeline::open(const std::string& model, const PipelineOptions& options) try {
  const DefaultFloats floats;
  ModelOptions wanted;
  wanted.encoding = options.encoding;
  wanted.schemes = options.schemes;
  wanted.precision = options.precision;
  wanted.capacity = options.capacity;
  wanted.progress = options.progress;
  const ModelPlace place = find_place(model);
  return Pipeline(Model::open(place.model, wanted), options.threads, place.folder);
} catch (...) {
  throw_as_error(model);
}

Pipeline::Pipeline(std::shared_ptr<const Model> model, int threads, std::filesystem::path folder)
    : state_(std::make_unique<State>(std::move(model), threads, std::move(folder))) {}

Pipeline Pipeline::share(int threads) {
  State& mine = state();
  Pipeline other(mine.model, threads, mine.folder);
  if (model().graph()->input().kind == GraphInput::Kind::ids) {
    if (!mine.tokenizer) mine.tokenizer = find_tokenizer(model(), [&mine] { mine.check(); });
    other.state_->tokenizer = mine.tokenizer;
  }
  other.state_->rules = mine.rules;
  return other;
}

const pipelines::SentenceRules& Pipeline::State::sentence_rules() {
  if (!rules) rules = pipelines::read_sentence_rules(folder);
  return *rules;
}

const Tokenizer& Pipeline::State::opened_tokenizer(const std::function<void()>& also) {
  if (!tokenizer) {
    tokenizer = open_tokenizer(*model, {}, [&] {
      check();
      if (also) also();
    });
  }
  return *tokenizer;
}

Pipeline::~Pipeline() = default;
Pipeline::Pipeline(Pipeline&&) noexcept = default;
Pipeline& Pipeline::operator=(Pipeline&&) noexcept = default;

const Model& Pipeline::model() const { return *state().model; }

const Tokenizer& Pipeline::tokenizer(const std::function<void()>& check) {
  if (state().tokenizer) return *state_->tokenizer;
  const Turn turn(*this);
  return state_->opened_tokenizer(check);
}

ModelInput Pipeline::read(const TextPair& text) {
  const Turn turn(*this);
  return read_text(model(), state_->opened_tokenizer(), text, state_->encoding());
}

std::optional<std::string> Pipeline::length_warning() const {
  const State& mine = state();
  return mine.model->length_warning(mine.longest);
}

std::vector<UnreadKey> Pipeline::unread_keys() const {
  const State& mine = state();
  std::vector<UnreadKey> keys = locus::unread_keys(*mine.model, mine.tokenizer.get());
  if (!mine.rules) return keys;
  for (UnreadKey& key : unread_sentence_keys(mine.folder)) keys.push_back(std::move(key));
  return keys;
}

Session& Pipeline::session() { return state().session; }

void Pipeline::cancel() noexcept {
  if (!state_) return;
  state_->cancelled = true;
  state_->session.cancel();
}

void Pipeline::resume() noexcept {
  if (!state_) return;
  state_->cancelled = false;
  state_->session.resume();
}

Precision used_precision(const Model& model) {
  const auto wanted = model.graph()->options().precision;
  const auto instructions = instruction_set();
  const bool has_bf16 = instructions == "avx512_bf16" || instructions == "amx";
  return wanted == Precision::bf16 && !has_bf16 ? Precision::f32 : wanted;
}

}  // namespace locus
