#include "evaluation/score_units.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/watch.hpp"
#include "evaluation/scoring/long_list.hpp"

namespace locus {
namespace {

constexpr int64_t wanted_blocks = 48;
constexpr int64_t min_bytes = 256;
constexpr int64_t min_tokens = 32;
constexpr int64_t max_blocks_without_paragraph = 4, max_blocks_without_line = 16;

// Number of the block that a place lies in.
int64_t block_of(const std::vector<int64_t>& ends, int64_t place) {
  return std::upper_bound(ends.begin(), ends.end(), place) - ends.begin();
}

std::vector<int64_t> watched_ends(std::string_view raw, int64_t size, Watch& watch) {
  ParagraphEnds ends(size);
  for (; !raw.empty(); raw.remove_prefix(std::min(raw.size(), Watch::bytes_of_text))) {
    ends.add(raw.substr(0, Watch::bytes_of_text));
    watch.spend(Watch::bytes_of_text);
  }
  return ends.finish();
}

std::string blocks_named(int64_t size) {
  return "paragraphs of at least " + std::to_string(size) + " bytes";
}

/// Adds the scores of text `text`, a unit for each block of it.
template <typename BlockOf>
void regroup(size_t text, const TextScores& scores, const BlockOf& block, ScoreUnits& units,
             Watch& watch) {
  for (size_t at = 0; at < scores.size();) {
    const int64_t current = block(scores[at].index);
    size_t end = at;
    for (; end < scores.size() && block(scores[end].index) == current; ++end) {
      watch.spend(Watch::bytes_per_token);
    }
    TextScores& unit = units.scores.emplace_back();
    units.texts.push_back(text);
    evaluation::make_room(unit, end - at);
    for (; at < end; ++at) {
      watch.spend(Watch::bytes_per_token);
      unit.push_back(scores[at]);
    }
  }
}

ScoreUnits blocks_of_bytes(std::span<const Text> texts, std::span<const TextScores> scores,
                           std::span<const Document> documents, Watch& watch) {
  int64_t bytes = 0;
  for (const auto& document : documents) bytes += static_cast<int64_t>(document.raw.size());
  const auto size = block_size(bytes);
  ScoreUnits units{blocks_named(size), {}, {}};
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto ends = watched_ends(documents[i].raw, size, watch);
    const auto& begins = texts[i].byte_begin;
    const auto block = [&](int64_t index) {
      return block_of(ends, begins[static_cast<size_t>(index)]);
    };
    regroup(i, scores[i], block, units, watch);
  }
  return units;
}

ScoreUnits blocks_of_tokens(std::span<const TextScores> scores, Watch& watch) {
  int64_t tokens = 0;
  for (const auto& text : scores) tokens += static_cast<int64_t>(text.size());
  const auto size = std::max(tokens / wanted_blocks, min_tokens);
  ScoreUnits units{"blocks of " + std::to_string(size) + " tokens", {}, {}};
  const auto block = [&](int64_t index) { return index / size; };
  for (size_t i = 0; i < scores.size(); ++i) regroup(i, scores[i], block, units, watch);
  return units;
}

ScoreUnits whole_texts(std::span<const TextScores> scores, Watch& watch) {
  ScoreUnits units{"document", {}, {}};
  for (size_t i = 0; i < scores.size(); ++i) {
    if (!scores[i].empty())
      regroup(
          i, scores[i], [](int64_t) { return 0; }, units, watch);
  }
  return units;
}

}  // namespace

// A run of line ends counts once something follows it.
void ParagraphEnds::add(std::string_view part) {
  size_t at = 0;
  while (at < part.size()) {
    const size_t end = part.find_first_not_of('\n', at);
    line_ends_ += static_cast<int64_t>(std::min(end, part.size()) - at);
    if (end == part.npos) break;
    if (line_ends_ > 0) end_line(read_ + static_cast<int64_t>(end));
    line_ends_ = 0;
    at = std::min(part.find('\n', end), part.size());
  }
  read_ += static_cast<int64_t>(part.size());
  divide_before(read_);
}

void ParagraphEnds::end_line(int64_t place) {
  divide_before(place);
  if (place - last_ < size_) return;
  has_lines_ = true;
  if (line_ends_ > 1) {
    has_paragraphs_ = true;
    end_block(place);
  } else {
    lines_.push_back(place);
  }
}

void ParagraphEnds::end_block(int64_t place) {
  ends_.push_back(place);
  last_ = place;
  while (!lines_.empty() && lines_.front() - last_ < size_) lines_.pop_front();
}

// What lies before the place has no end of a paragraph where a block may end.
void ParagraphEnds::divide_before(int64_t place) {
  while (place - last_ > max_blocks_without_paragraph * size_ && !lines_.empty()) {
    end_block(lines_.front());
  }
  while (place - last_ > max_blocks_without_line * size_) end_block(last_ + size_);
}

std::vector<int64_t> ParagraphEnds::finish() {
  while (!has_paragraphs_ && !lines_.empty()) end_block(lines_.front());
  while (!has_lines_ && last_ + size_ < read_) end_block(last_ + size_);
  return ends_;
}

std::vector<int64_t> paragraph_ends(std::string_view raw, int64_t size) {
  Watch unwatched;
  return watched_ends(raw, size, unwatched);
}

int64_t block_size(int64_t bytes) { return std::max(bytes / wanted_blocks, min_bytes); }

UnitMaker::UnitMaker(std::vector<std::vector<int64_t>> ends, int64_t block_size)
    : ends_(std::move(ends)), block_size_(block_size) {}

void UnitMaker::add(size_t text, int64_t byte_begin, double nll) {
  const int64_t block = block_of(ends_[text], byte_begin);
  const bool fresh = text_ != text;
  if (fresh) documents_.emplace_back();
  if (fresh || block != block_) blocks_.emplace_back();
  for (Unit* unit : {&documents_.back(), &blocks_.back()}) {
    unit->sum += nll;
    unit->weight += 1;
  }
  text_ = text;
  block_ = block;
}

const std::vector<Unit>& UnitMaker::units() const {
  return documents_.size() >= min_document_units ? documents_ : blocks_;
}

std::string UnitMaker::unit() const {
  return documents_.size() >= min_document_units ? "document" : blocks_named(block_size_);
}

ScoreUnits score_units(std::span<const Text> texts, std::span<const TextScores> scores,
                       std::span<const Document> documents, const std::function<void()>& check) {
  Watch watch(check);
  const auto scored = std::ranges::count_if(scores, [](const auto& text) { return !text.empty(); });
  if (scored >= static_cast<int64_t>(min_document_units)) return whole_texts(scores, watch);
  return documents.empty() ? blocks_of_tokens(scores, watch)
                           : blocks_of_bytes(texts, scores, documents, watch);
}

std::vector<Unit> units_by_byte(std::span<const Text> texts, const ScoreUnits& units,
                                const std::function<void()>& check) {
  std::vector<Unit> all;
  for (size_t i = 0; i < units.scores.size(); ++i) {
    const auto text = texts.subspan(units.texts[i], 1);
    for (const Unit& unit : units_by_byte(text, std::span(&units.scores[i], 1), check)) {
      all.push_back(unit);
    }
  }
  return all;
}

double largest_change(std::span<const TextScores> before, std::span<const TextScores> after,
                      const std::function<void()>& check) {
  Watch watch(check);
  double largest = 0;
  for (size_t text = 0; text < after.size(); ++text) {
    for (size_t i = 0; i < after[text].size(); ++i) {
      watch.spend(Watch::bytes_per_token);
      largest = std::max(largest, std::abs(after[text][i].nll - before[text][i].nll));
    }
  }
  return largest;
}

}  // namespace locus
