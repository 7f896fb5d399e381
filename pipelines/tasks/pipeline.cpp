#include "pipelines/pipeline.hpp"

#include "base/error.hpp"
#include "base/public_call.hpp"
#include "engine/options.hpp"
#include "pipelines/model_files.hpp"
#include "pipelines/tasks/tasks.hpp"
#include "pipelines/unread_keys.hpp"

namespace locus {
namespace {

/// Runs one call of a pipeline, which has it for itself.
template <class Task>
auto run(std::string_view who, pipelines::State& state, const Task& task) {
  return public_call(who, [&] {
    const pipelines::Turn turn(state);
    return task();
  });
}

}  // namespace

Pipeline Pipeline::open(const std::string& model, const PipelineOptions& options) {
  return public_call(model, [&] {
    ModelOptions wanted;
    wanted.encoding = options.encoding;
    wanted.schemes = options.schemes;
    wanted.precision = options.precision;
    wanted.capacity = options.capacity;
    wanted.progress = options.progress;
    wanted.threads = options.threads;
    const ModelPlace place = find_place(model);
    return Pipeline(Model::open(place.model, wanted), options.threads, place.folder);
  });
}

Pipeline::Pipeline(std::shared_ptr<const Model> model, int threads, std::filesystem::path folder)
    : state_(std::make_unique<pipelines::State>(std::move(model), threads, std::move(folder))) {}
Pipeline::~Pipeline() = default;
Pipeline::Pipeline(Pipeline&&) noexcept = default;
Pipeline& Pipeline::operator=(Pipeline&&) noexcept = default;

pipelines::State& Pipeline::state() const {
  if (state_) return *state_;
  throw Error("pipeline", "one that holds a model", "one that was moved from");
}

Pipeline Pipeline::share(int threads) {
  pipelines::State& mine = state();
  Pipeline other(mine.model, threads, mine.folder);
  if (model().graph()->input().kind == GraphInput::Kind::ids) {
    other.state_->tokenizer = mine.found_tokenizer();
  }
  other.state_->rules = mine.rules;
  other.state_->stamps = mine.stamps;
  return other;
}

const Model& Pipeline::model() const { return *state().model; }
Session& Pipeline::session() { return state().session; }

const Tokenizer& Pipeline::tokenizer(const std::function<void()>& check) {
  if (state().tokenizer) return *state_->tokenizer;
  const pipelines::Turn turn(*state_);
  return state_->opened_tokenizer(check);
}

std::optional<std::string> Pipeline::length_warning() const {
  const pipelines::State& mine = state();
  return mine.model->length_warning(mine.longest);
}

std::vector<UnreadKey> Pipeline::unread_keys() const {
  const pipelines::State& mine = state();
  std::vector<UnreadKey> keys = locus::unread_keys(*mine.model, mine.tokenizer.get());
  if (!mine.rules) return keys;
  for (UnreadKey& key : unread_sentence_keys(mine.folder)) keys.push_back(std::move(key));
  return keys;
}

std::vector<MaskCandidates> Pipeline::fill_mask(std::string_view text, int64_t top) {
  return run("fill_mask", state(), [&] { return pipelines::fill_text(*state_, text, top); });
}

std::vector<MaskCandidates> Pipeline::fill_mask(const ModelInput& input, int64_t top) {
  return run("fill_mask", state(), [&] { return pipelines::fill_input(*state_, input, top); });
}

Embedding Pipeline::embed(std::string_view text, const EmbedOptions& options) {
  const std::string texts[] = {std::string(text)};
  return std::move(embed(texts, options).vectors.front());
}

Embeddings Pipeline::embed(std::span<const std::string> texts, const EmbedOptions& options) {
  return run("embed", state(), [&] { return pipelines::embed_texts(*state_, texts, options); });
}

Embeddings Pipeline::embed(const ModelInput& input, const EmbedOptions& options) {
  return embed(std::span(&input, 1), options);
}

Embeddings Pipeline::embed(std::span<const ModelInput> inputs, const EmbedOptions& options) {
  return run("embed", state(), [&] { return pipelines::embed_inputs(*state_, inputs, options); });
}

std::vector<RankedDocument> Pipeline::rerank(std::string_view query,
                                             std::span<const std::string> documents) {
  return run("rerank", state(), [&] { return pipelines::rerank(*state_, query, documents); });
}

std::vector<LabelScore> Pipeline::classify(std::string_view text, std::string_view pair) {
  return run("classify", state(), [&] { return pipelines::classify_text(*state_, text, pair); });
}

std::vector<LabelScore> Pipeline::classify(const ModelInput& input) {
  return run("classify", state(), [&] { return pipelines::classify_input(*state_, input); });
}

std::vector<LabelScore> Pipeline::choose(std::string_view text,
                                         std::span<const std::string> choices) {
  return run("choose", state(), [&] { return pipelines::choose(*state_, text, choices); });
}

std::vector<TaggedText> Pipeline::tag(std::string_view text, Aggregation aggregation) {
  return run("tag", state(), [&] { return pipelines::tag(*state_, text, aggregation); });
}

std::vector<ReplacedToken> Pipeline::find_replaced(std::string_view text) {
  return run("find_replaced", state(), [&] { return pipelines::find_replaced(*state_, text); });
}

TextAnswers Pipeline::answer(std::string_view question, std::string_view context,
                             AnswerSettings settings) {
  return run("answer", state(),
             [&] { return pipelines::answer(*state_, question, context, settings); });
}

GeneratedText Pipeline::generate(std::string_view prompt, const GenerateOptions& options) {
  const std::string prompts[] = {std::string(prompt)};
  return std::move(generate(prompts, options).prompts.front().front());
}

GeneratedTexts Pipeline::generate(std::span<const std::string> prompts,
                                  const GenerateOptions& options) {
  return run("generate", state(),
             [&] { return pipelines::continue_texts(*state_, prompts, options); });
}

GeneratedTexts Pipeline::generate(std::span<const std::vector<int32_t>> prompts,
                                  const GenerateOptions& options) {
  return run("generate", state(),
             [&] { return pipelines::continue_ids(*state_, prompts, options); });
}

Evaluation Pipeline::evaluate(std::string_view text, const EvaluateOptions& options) {
  check_text("text", text);
  return evaluate(std::vector{Document{"text", std::string(text)}}, options);
}

Evaluation Pipeline::evaluate(std::vector<Document> documents, const EvaluateOptions& options) {
  return run("evaluate", state(),
             [&] { return pipelines::evaluate_documents(*state_, std::move(documents), options); });
}

Evaluation Pipeline::evaluate(const OpenDocuments& documents, const EvaluateOptions& options,
                              const TakeScore& take) {
  return run("evaluate", state(),
             [&] { return pipelines::evaluate_stream(*state_, documents, options, take); });
}

Evaluation Pipeline::evaluate(std::vector<Text> texts, const EvaluateOptions& options) {
  return run("evaluate", state(),
             [&] { return pipelines::evaluate_texts(*state_, std::move(texts), options); });
}

Evaluation Pipeline::evaluate(std::span<const Document> sources, std::vector<Document> targets,
                              const EvaluateOptions& options) {
  return run("evaluate", state(), [&] {
    return pipelines::evaluate_pairs(*state_, sources, std::move(targets), options);
  });
}

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
