#include "pipelines/pipeline.hpp"

#include "base/error.hpp"
#include "engine/options.hpp"
#include "pipelines/model_files.hpp"
#include "pipelines/tasks/pipeline_state.hpp"
#include "pipelines/tokenizers.hpp"

namespace locus {

void Pipeline::State::check() const {
  if (cancelled) throw Error::cancellation();
}

Pipeline Pipeline::open(const std::string& model, const PipelineOptions& options) {
  ModelOptions wanted;
  wanted.encoding = options.encoding;
  wanted.precision = options.precision;
  wanted.capacity = options.capacity;
  const ModelPlace place = find_place(model);
  return Pipeline(Model::open(place.model, wanted), options.threads, place.folder);
}

Pipeline::Pipeline(std::shared_ptr<const Model> model, int threads, std::filesystem::path folder)
    : state_(std::make_unique<State>(std::move(model), threads, std::move(folder))) {}

const pipelines::SentenceRules& Pipeline::State::sentence_rules() {
  if (!rules) rules = pipelines::read_sentence_rules(folder);
  return *rules;
}

Pipeline::~Pipeline() = default;
Pipeline::Pipeline(Pipeline&&) noexcept = default;
Pipeline& Pipeline::operator=(Pipeline&&) noexcept = default;

const Model& Pipeline::model() const { return *state_->model; }

const Tokenizer& Pipeline::tokenizer() {
  if (!state_->tokenizer) state_->tokenizer = open_tokenizer(model());
  return *state_->tokenizer;
}

Session& Pipeline::session() { return state_->session; }

void Pipeline::cancel() noexcept {
  state_->cancelled = true;
  state_->session.cancel();
}

void Pipeline::resume() noexcept {
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
