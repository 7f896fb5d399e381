#include <algorithm>

#include "base/error.hpp"
#include "evaluation/score_infill.hpp"
#include "evaluation/scoring/score_batch.hpp"
#include "evaluation/scoring/score_collector.hpp"

namespace locus {
namespace {

/// Tokens [begin, end) of a target, read by a decoder that starts anew.
evaluation::Item item_of(std::span<const Text> targets, size_t text, const TokenSpan& part,
                         const SourceSettings& settings) {
  const std::vector<int32_t>& ids = targets[text].ids;
  evaluation::Item item;
  item.decoder_input = {settings.decoder_start};
  const auto& opening = settings.after_start;
  item.decoder_input.insert(item.decoder_input.end(), opening.begin(), opening.end());
  const auto before = static_cast<int64_t>(opening.size());
  item.decoder_input.insert(item.decoder_input.end(), ids.begin() + part.begin,
                            ids.begin() + part.end - 1);
  for (int64_t index = part.begin; index < part.end; ++index) {
    const int64_t row = before + index - part.begin;
    item.targets.push_back({row, text, index, row + 1, evaluation::id_of(targets[text], index)});
  }
  return item;
}

void check(std::span<const std::vector<int32_t>> sources, std::span<const Text> targets) {
  if (sources.size() != targets.size()) {
    throw Error("sources", std::to_string(targets.size()) + ", one for each target",
                std::to_string(sources.size()));
  }
  for (size_t i = 0; i < sources.size(); ++i) {
    if (sources[i].empty()) {
      throw Error("source of " + evaluation::text_name(targets, i), "at least one token", "none");
    }
  }
}

}  // namespace

std::vector<TextScores> score_given_source(Session& session,
                                           std::span<const std::vector<int32_t>> sources,
                                           std::span<const Text> targets,
                                           const SourceSettings& settings) {
  check(sources, targets);
  const int64_t context = evaluation::causal_context(session.graph(), settings.context) -
                          static_cast<int64_t>(settings.after_start.size());
  if (context < 1) throw Error("context", "room for a token of the target", "none");
  int64_t total = 0;
  for (const Text& target : targets) total += static_cast<int64_t>(target.ids.size());
  evaluation::ScoreCollector collector(session, targets, total, settings.batch.progress);
  evaluation::BatchRunner runner(session, collector, settings.batch.batch_tokens);
  for (size_t text = 0; text < targets.size(); ++text) {
    const auto tokens = static_cast<int64_t>(targets[text].ids.size());
    for (int64_t begin = 0; begin < tokens; begin += context) {
      evaluation::Item item =
          item_of(targets, text, {begin, std::min(begin + context, tokens)}, settings);
      item.input = sources[text];
      runner.add(std::move(item));
    }
  }
  runner.flush();
  return collector.finish();
}

}  // namespace locus
