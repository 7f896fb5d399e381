#include "evaluation/floors/trigram.hpp"

#include <algorithm>
#include <cstring>

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
    : contexts_(values_of<uint32_t>(weights, name + ".contexts")),
      totals_(values_of<uint32_t>(weights, name + ".totals")),
      begins_(values_of<uint32_t>(weights, name + ".begins")),
      tokens_(values_of<uint16_t>(weights, name + ".tokens")),
      counts_(values_of<uint16_t>(weights, name + ".counts")),
      discounts_(values_of<double>(weights, name + ".discounts")) {
  check(name, vocabulary);
  for (size_t context = 0; context < contexts_.size(); ++context) {
    double kept = 0;
    for (size_t i = begins_[context]; i < begins_[context + 1]; ++i) kept += discounted(i);
    rests_.push_back(1 - kept / totals_[context]);
  }
}

void NgramLevel::check(const std::string& name, int64_t vocabulary) const {
  const bool sizes = totals_.size() == contexts_.size() && begins_.size() == contexts_.size() + 1 &&
                     counts_.size() == tokens_.size() && discounts_.size() == 3;
  if (!sizes) throw Error(name, "tensors of sizes that fit each other", "others");
  const bool order = std::ranges::is_sorted(contexts_) && std::ranges::is_sorted(begins_) &&
                     begins_.front() == 0 && begins_.back() == tokens_.size();
  if (!order) throw Error(name, "sorted contexts, each with its tokens", "another order");
  const auto beyond = [&](uint16_t token) { return token >= vocabulary; };
  if (std::ranges::any_of(tokens_, beyond) || std::ranges::count(totals_, 0u) > 0 ||
      std::ranges::count(counts_, 0) > 0) {
    throw Error(name, "tokens of the vocabulary and counts above 0", "others");
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
