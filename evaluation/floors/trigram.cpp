#include "evaluation/floors/trigram.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>
#include <utility>

#include "base/error.hpp"

namespace locus::evaluation {
namespace {

template <typename T>
constexpr DataType type_of = DataType::f64;
template <>
constexpr DataType type_of<uint32_t> = DataType::u32;
template <>
constexpr DataType type_of<uint16_t> = DataType::u16;

}  // namespace

template <typename T>
std::vector<T> values_of(const Weights& weights, const std::string& name) {
  const StoredTensor& tensor = weights.at(name);
  if (tensor.type != type_of<T> || tensor.shape.size() != 1) {
    throw Error(name, "a row of " + std::string(to_string(type_of<T>)),
                std::string(to_string(tensor.type)) + " " + to_string(tensor.shape));
  }
  const std::span<const std::byte> bytes = weights.load(name);
  std::vector<T> values(static_cast<size_t>(tensor.shape[0]));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

template std::vector<uint32_t> values_of(const Weights&, const std::string&);
template std::vector<uint16_t> values_of(const Weights&, const std::string&);
template std::vector<double> values_of(const Weights&, const std::string&);

NgramLevel::NgramLevel(const Weights& weights, const std::string& name, int64_t vocabulary)
    : tokens_(values_of<uint16_t>(weights, name + ".tokens")),
      counts_(values_of<uint16_t>(weights, name + ".counts")),
      discounts_(values_of<double>(weights, name + ".discounts")) {
  read_contexts(weights, name, vocabulary);
  const auto sizes = values_of<uint16_t>(weights, name + ".sizes");
  const auto rare = values_of<uint16_t>(weights, name + ".rare");
  if (sizes.size() != contexts_.size() || rare.size() != contexts_.size()) {
    throw Error(name, "as many sizes and rare counts as contexts",
                std::to_string(sizes.size()) + " and " + std::to_string(rare.size()) + " of " +
                    std::to_string(contexts_.size()));
  }
  begins_ = {0};
  for (const uint16_t size : sizes) begins_.push_back(begins_.back() + size);
  check(name, vocabulary);
  add_up(name, rare);
}

void NgramLevel::read_contexts(const Weights& weights, const std::string& name,
                               int64_t vocabulary) {
  const auto lasts = values_of<uint16_t>(weights, name + ".contexts");
  contexts_.assign(lasts.begin(), lasts.end());
  if (!weights.contains(name + ".firsts")) return;
  const auto firsts = values_of<uint16_t>(weights, name + ".firsts");
  const auto sum = std::accumulate(firsts.begin(), firsts.end(), uint64_t{0});
  if (std::cmp_not_equal(firsts.size(), vocabulary) || sum != contexts_.size()) {
    throw Error(name + ".firsts", "each context's first token", "others");
  }
  auto context = contexts_.begin();
  for (uint32_t first = 0; first < firsts.size(); ++first) {
    for (int left = firsts[first]; left > 0; --left) *context++ += first * firsts.size();
  }
}

void NgramLevel::check(const std::string& name, int64_t vocabulary) const {
  const bool sizes = std::ranges::is_sorted(begins_) && begins_.back() == tokens_.size() &&
                     counts_.size() == tokens_.size() && discounts_.size() == 3;
  if (!sizes) throw Error(name, "tensors of sizes that fit each other", "others");
  if (std::ranges::adjacent_find(contexts_, std::greater_equal()) != contexts_.end()) {
    throw Error(name, "sorted contexts", "another order");
  }
  const auto beyond = [&](uint16_t token) { return token >= vocabulary; };
  if (std::ranges::any_of(tokens_, beyond) || std::ranges::count(counts_, 0) > 0) {
    throw Error(name, "tokens of the vocabulary and counts above 0", "others");
  }
}

/// Totals, and what the discounts of each context leave.
void NgramLevel::add_up(const std::string& name, const std::vector<uint16_t>& rare) {
  for (size_t context = 0; context < contexts_.size(); ++context) {
    uint32_t total = rare[context];
    double kept = 0;
    for (size_t i = begins_[context]; i < begins_[context + 1]; ++i) {
      total += counts_[i];
      kept += discounted(i);
    }
    if (total == 0) throw Error(name, "contexts that were counted", "one of no tokens");
    totals_.push_back(total);
    rests_.push_back(1 - kept / total);
  }
}

double NgramLevel::discounted(size_t entry) const {
  const uint16_t count = counts_[entry];
  return std::max(0.0, count - discounts_[std::min<size_t>(count, 3) - 1]);
}

double NgramLevel::p(uint32_t context, uint16_t token, double lower) const {
  const auto found = std::ranges::lower_bound(contexts_, context);
  if (found == contexts_.end() || *found != context) return lower;
  const auto at = static_cast<size_t>(found - contexts_.begin());
  const auto begin = tokens_.begin() + begins_[at], end = tokens_.begin() + begins_[at + 1];
  const auto entry = std::lower_bound(begin, end, token);
  const bool known = entry != end && *entry == token;
  const double own = known ? discounted(static_cast<size_t>(entry - tokens_.begin())) : 0;
  return own / totals_[at] + rests_[at] * lower;
}

}  // namespace locus::evaluation
