// What heads answer: candidates for gaps, classes, stretches of texts.
#include "c/calls/handles.hpp"

namespace {

using namespace locus;
using namespace locus::c;

void fill(locus_candidates& result, Storage& storage, const std::vector<MaskCandidates>& gaps) {
  std::vector<int64_t> gap;
  std::vector<int32_t> ids;
  std::vector<std::string> tokens;
  std::vector<double> probabilities;
  for (size_t i = 0; i < gaps.size(); ++i) {
    for (const TokenCandidate& candidate : gaps[i].tokens) {
      gap.push_back(static_cast<int64_t>(i));
      ids.push_back(candidate.id);
      tokens.push_back(candidate.token);
      probabilities.push_back(candidate.probability);
    }
  }
  result.count = ids.size();
  result.gaps = gaps.size();
  result.gap = storage.keep(std::move(gap));
  result.ids = storage.keep(std::move(ids));
  result.tokens = storage.keep(std::move(tokens));
  result.probabilities = storage.keep(std::move(probabilities));
}

void fill(locus_labels& result, Storage& storage, const std::vector<LabelScore>& classes) {
  std::vector<int64_t> ids;
  std::vector<std::string> labels;
  std::vector<double> values;
  for (const LabelScore& label : classes) {
    ids.push_back(label.id);
    labels.push_back(label.label);
    values.push_back(label.value);
  }
  result.count = ids.size();
  result.ids = storage.keep(std::move(ids));
  result.labels = storage.keep(std::move(labels));
  result.values = storage.keep(std::move(values));
}

/// What answers and names have in common.
template <class Stretch>
void fill(locus_stretches& result, Storage& storage, const std::vector<Stretch>& stretches) {
  std::vector<std::string> texts;
  std::vector<int64_t> begins, ends;
  std::vector<double> probabilities;
  for (const Stretch& stretch : stretches) {
    texts.push_back(stretch.text);
    begins.push_back(stretch.bytes.begin);
    ends.push_back(stretch.bytes.end);
    probabilities.push_back(stretch.probability);
  }
  result.count = texts.size();
  result.texts = storage.keep(std::move(texts));
  result.begins = storage.keep(std::move(begins));
  result.ends = storage.keep(std::move(ends));
  result.probabilities = storage.keep(std::move(probabilities));
}

}  // namespace

locus_status locus_fill_mask(locus_worker* worker, const char* text, int64_t top,
                             locus_candidates** result, locus_error** error) {
  return answer(result, error, [&](locus_candidates& candidates, Storage& storage) {
    const Turn turn(worker);
    const int64_t wanted = count_or_none("top", top).value_or(5);
    fill(candidates, storage, turn.pipeline().fill_mask(text_of("text", text), wanted));
  });
}

locus_status locus_classify(locus_worker* worker, const char* text, const char* pair,
                            locus_labels** result, locus_error** error) {
  return answer(result, error, [&](locus_labels& labels, Storage& storage) {
    const Turn turn(worker);
    const std::string second = text_or_empty("pair", pair);
    fill(labels, storage, turn.pipeline().classify(text_of("text", text), second));
  });
}

locus_status locus_tag(locus_worker* worker, const char* text, const char* aggregation,
                       locus_stretches** result, locus_error** error) {
  return answer(result, error, [&](locus_stretches& stretches, Storage& storage) {
    const Turn turn(worker);
    const std::string name = text_or_empty("aggregation", aggregation);
    const auto names = turn.pipeline().tag(
        text_of("text", text), name.empty() ? Aggregation::simple : parse_aggregation(name));
    fill(stretches, storage, names);
    std::vector<std::string> labels;
    for (const TaggedText& tagged : names) labels.push_back(tagged.label);
    stretches.labels = storage.keep(std::move(labels));
  });
}

locus_status locus_answer(locus_worker* worker, const char* question, const char* context,
                          int64_t top, locus_stretches** result, locus_error** error) {
  return answer(result, error, [&](locus_stretches& stretches, Storage& storage) {
    const Turn turn(worker);
    AnswerSettings settings;
    settings.top = count_or_none("top", top).value_or(settings.top);
    const TextAnswers answers = turn.pipeline().answer(text_of("question", question),
                                                       text_of("context", context), settings);
    fill(stretches, storage, answers.best);
    std::vector<double> scores;
    for (const TextAnswer& best : answers.best) scores.push_back(best.score);
    stretches.scores = storage.keep(std::move(scores));
    stretches.none = answers.none;
  });
}
