#include "evaluation/scoring/score_batch.hpp"

#include <utility>

namespace locus::evaluation {
namespace {

std::vector<Sequence> sequences_of(const std::vector<Item>& items,
                                   std::vector<int32_t> Item::*ids) {
  std::vector<Sequence> sequences;
  for (const Item& item : items) sequences.push_back({.ids = item.*ids});
  return sequences;
}

/// Targets of all items, rows counted within the batch.
std::vector<Target> targets_of(const std::vector<Item>& items, std::span<const int64_t> offsets) {
  std::vector<Target> targets;
  for (size_t i = 0; i < items.size(); ++i) {
    for (Target target : items[i].targets) {
      target.row += offsets[i];
      targets.push_back(target);
    }
  }
  return targets;
}

}  // namespace

Item&& Item::of_text(size_t text, int64_t first) && {
  for (Target& target : targets) {
    target.text = text;
    target.index += first;
  }
  return std::move(*this);
}

void BatchRunner::add(Item item) {
  if (!items_.empty() && tokens_ + item.tokens() > batch_tokens_) flush();
  tokens_ += item.tokens();
  items_.push_back(std::move(item));
}

void BatchRunner::flush() {
  if (items_.empty()) return;
  session_.encode(sequences_of(items_, &Item::input));
  if (!items_.front().decoder_input.empty()) {
    session_.decode(sequences_of(items_, &Item::decoder_input));
  }
  scorer_.collect(targets_of(items_, session_.offsets()));
  items_.clear();
  tokens_ = 0;
}

}  // namespace locus::evaluation
