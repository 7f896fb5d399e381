// Models and workers: opening, describing, letting go.
#include <utility>

#include "c/calls/handles.hpp"
#include "engine/options.hpp"

namespace {

using namespace locus;
using namespace locus::c;

PipelineOptions pipeline_options(const locus_open_options& given) {
  expect_choice("precision", given.precision, 3);
  PipelineOptions options;
  options.threads = 1;
  options.precision = static_cast<Precision>(given.precision);
  options.encoding = text_or_empty("encoding", given.encoding);
  options.capacity = count_or_none("capacity", given.capacity).value_or(0);
  if (given.progress) {
    options.progress = [given](int64_t done, int64_t total) {
      if (given.progress(given.user, done, total) != 0) throw Error::cancellation();
    };
  }
  return options;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

/// NULL where the folder has no tokenizer that opens, or that has no such token.
const char* mask_token(SharedModel& owner, Storage& storage) try {
  const Tokenizer& tokenizer = owner.tokenizer();
  const auto mask = tokenizer.special_ids().mask;
  return mask ? storage.keep(tokenizer.token(*mask)) : nullptr;
} catch (const Error&) {
  return nullptr;
}

void describe(SharedModel& owner, locus_description& result, Storage& storage) {
  const Model& model = owner.model();
  const Graph& graph = *model.graph();
  result.family = storage.keep(model.spec().family);
  result.encodings = storage.keep(joined(model.encodings()));
  result.precision = storage.keep(std::string(to_string(used_precision(model))));
  result.parameters = graph.parameters();
  result.context = model.spec().context;
  result.vocabulary = graph.vocabulary();
  result.causal = graph.causal() ? 1 : 0;
  result.untrained = graph.untrained() ? 1 : 0;
  result.task = storage.keep(model.spec().task);
  result.mask_token = mask_token(owner, storage);
}

}  // namespace

static_assert(static_cast<int>(Precision::f32) == LOCUS_F32);
static_assert(static_cast<int>(Precision::bf16) == LOCUS_BF16);
static_assert(static_cast<int>(Precision::int8) == LOCUS_INT8);

locus_status locus_open(const char* model, const locus_open_options* options, locus_model** result,
                        locus_error** error) {
  if (result) *result = nullptr;
  return guarded(error, [&] {
    expect_given("result", result);
    const std::string name = text_of("model", model);
    const auto settings = pipeline_options(options_of("options", options));
    auto shared = std::make_unique<SharedModel>(Pipeline::open(name, settings));
    *result = new locus_model{std::move(shared)};
  });
}

void locus_close(locus_model** model) {
  if (!model) return;
  delete *model;
  *model = nullptr;
}

locus_status locus_describe(const locus_model* model, locus_description** result,
                            locus_error** error) {
  return answer(result, error, [&](locus_description& description, Storage& storage) {
    describe(shared(model), description, storage);
  });
}

locus_status locus_worker_open(const locus_model* model, int32_t threads, locus_worker** result,
                               locus_error** error) {
  if (result) *result = nullptr;
  return guarded(error, [&] {
    expect_given("result", result);
    SharedModel& owner = shared(model);
    expect_choice("threads", threads, 1025);
    const std::lock_guard lock(owner.mutex);
    *result = new locus_worker{owner.pipeline.share(threads)};
  });
}

void locus_worker_close(locus_worker** worker) {
  if (!worker || !*worker) return;
  locus_worker* closed = std::exchange(*worker, nullptr);
  using State = locus_worker::State;
  closed->pipeline.cancel();
  if (!closed->change(State::busy, State::closed)) delete closed;
}

void locus_cancel(locus_worker* worker) {
  if (worker) worker->pipeline.cancel();
}

void locus_resume(locus_worker* worker) {
  if (worker) worker->pipeline.resume();
}
