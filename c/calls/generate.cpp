// Continuations and translations.
#include "c/calls/handles.hpp"

namespace {

using namespace locus;
using namespace locus::c;

void read_sampling(const locus_generate_options& given, GenerateOptions& options) {
  if (given.temperature == LOCUS_GREEDY) {
    options.temperature = 0;
  } else {
    options.temperature = number_or_none("temperature", given.temperature);
  }
  options.top_k = count_or_none("top_k", given.top_k);
  options.top_p = number_or_none("top_p", given.top_p);
  options.min_p = number_or_none("min_p", given.min_p);
  options.repetition_penalty = number_or_none("repetition_penalty", given.repetition_penalty);
  options.seed = given.seed;
}

GenerateOptions generate_options(const locus_generate_options& given) {
  GenerateOptions options;
  options.max_tokens = count_or_none("max_tokens", given.max_tokens);
  options.min_tokens = count_or_none("min_tokens", given.min_tokens);
  options.beams = count_or_none("beams", given.beams);
  options.n_best = count_or_none("best", given.best);
  read_sampling(given, options);
  if (given.stop_count > 0) options.stop = texts_of("stop", given.stop, given.stop_count);
  options.languages.source = text_or_empty("source_language", given.source_language);
  options.languages.target = text_or_empty("target_language", given.target_language);
  if (given.on_text) {
    options.on_text = [given](int64_t prompt, std::string_view piece) {
      return given.on_text(given.user, prompt, piece.data(), piece.size()) == 0;
    };
  }
  return options;
}

/// The arrays of `locus_texts`.
struct Columns {
  std::vector<int64_t> prompts;
  std::vector<std::string> texts;
  std::vector<double> scores;
  std::vector<int32_t> finishes;
  std::vector<const int32_t*> ids;
  std::vector<size_t> id_counts;
};

Columns columns_of(GeneratedTexts generated, Storage& storage) {
  Columns columns;
  for (size_t prompt = 0; prompt < generated.prompts.size(); ++prompt) {
    for (GeneratedText& text : generated.prompts[prompt]) {
      columns.prompts.push_back(static_cast<int64_t>(prompt));
      columns.texts.push_back(std::move(text.text));
      columns.scores.push_back(text.score);
      columns.finishes.push_back(static_cast<int32_t>(text.finish));
      columns.id_counts.push_back(text.ids.size());
      columns.ids.push_back(storage.keep(std::move(text.ids)));
    }
  }
  return columns;
}

void fill(locus_texts& result, Storage& storage, GeneratedTexts generated) {
  result.seconds = generated.seconds;
  Columns columns = columns_of(std::move(generated), storage);
  result.count = columns.prompts.size();
  result.prompts = storage.keep(std::move(columns.prompts));
  result.texts = storage.keep(std::move(columns.texts));
  result.scores = storage.keep(std::move(columns.scores));
  result.finishes = storage.keep(std::move(columns.finishes));
  result.ids = storage.keep(std::move(columns.ids));
  result.id_counts = storage.keep(std::move(columns.id_counts));
}

}  // namespace

static_assert(static_cast<int>(Finish::end_token) == LOCUS_END_TOKEN);
static_assert(static_cast<int>(Finish::max_tokens) == LOCUS_MAX_TOKENS);
static_assert(static_cast<int>(Finish::stopped) == LOCUS_STOPPED);
static_assert(static_cast<int>(Finish::cancelled) == LOCUS_ENDED);

locus_status locus_generate(locus_worker* worker, const char* const* prompts, size_t count,
                            const locus_generate_options* options, locus_texts** result,
                            locus_error** error) {
  return answer(result, error, [&](locus_texts& texts, Storage& storage) {
    const Turn turn(worker);
    const auto given = texts_of("prompts", prompts, count);
    const auto settings = generate_options(options_of("options", options));
    fill(texts, storage, turn.pipeline().generate(given, settings));
  });
}
