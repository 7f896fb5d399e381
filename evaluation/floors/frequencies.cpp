#include <cmath>

#include "base/error.hpp"
#include "base/watch.hpp"
#include "evaluation/floors.hpp"

namespace locus {
namespace {

void check_ids(const Text& text, size_t vocabulary) {
  for (const int32_t id : text.ids) {
    if (id >= 0 && static_cast<size_t>(id) < vocabulary) continue;
    throw Error(text.name, "ids below " + std::to_string(vocabulary), std::to_string(id));
  }
}

/// What `of(text)` gives for each text, whose ids are checked.
template <typename Of>
FloorLosses for_each(std::span<const Text> texts, size_t vocabulary, const Of& of) {
  FloorLosses losses;
  for (const Text& text : texts) {
    check_ids(text, vocabulary);
    losses.push_back(of(text.ids));
  }
  return losses;
}

/// How often each token is seen elsewhere in its text. [T]
std::vector<int64_t> seen(const std::vector<int32_t>& ids, size_t vocabulary, Sight sight,
                          Watch& watch) {
  std::vector<int64_t> counts(vocabulary), own;
  own.reserve(ids.size());
  for (const int32_t id : ids) {
    watch.spend(Watch::bytes_per_token);
    own.push_back(counts[static_cast<size_t>(id)]++);
  }
  if (sight == Sight::before) return own;
  for (size_t i = 0; i < ids.size(); ++i) own[i] = counts[static_cast<size_t>(ids[i])] - 1;
  return own;
}

}  // namespace

Frequencies frequencies_of(std::span<const Text> texts, int64_t vocabulary,
                           const std::function<void()>& check) {
  Watch watch(check);
  Frequencies counts(static_cast<size_t>(vocabulary));
  double tokens = 0;
  for (const Text& text : texts) {
    check_ids(text, counts.size());
    for (const int32_t id : text.ids) {
      watch.spend(Watch::bytes_per_token);
      counts[static_cast<size_t>(id)] += 1;
    }
    tokens += static_cast<double>(text.ids.size());
  }
  for (double& count : counts) count /= tokens - 1 + static_cast<double>(vocabulary);
  return counts;
}

FloorLosses frequency_losses(std::span<const Text> texts, const Frequencies& frequencies,
                             const std::function<void()>& check) {
  Watch watch(check);
  return for_each(texts, frequencies.size(), [&](const std::vector<int32_t>& ids) {
    std::vector<double> losses;
    losses.reserve(ids.size());
    for (const int32_t id : ids) {
      watch.spend(Watch::bytes_per_token);
      losses.push_back(-std::log(frequencies[static_cast<size_t>(id)]));
    }
    return losses;
  });
}

FloorLosses document_losses(std::span<const Text> texts, const Frequencies& frequencies,
                            double share, Sight sight, const std::function<void()>& check) {
  Watch watch(check);
  return for_each(texts, frequencies.size(), [&](const std::vector<int32_t>& ids) {
    const std::vector<int64_t> own = seen(ids, frequencies.size(), sight, watch);
    std::vector<double> losses;
    losses.reserve(ids.size());
    for (size_t i = 0; i < ids.size(); ++i) {
      watch.spend(Watch::bytes_per_token);
      const size_t among = sight == Sight::before ? i : ids.size() - 1;
      const double p = frequencies[static_cast<size_t>(ids[i])];
      const double a = among > 0 ? share : 0;
      const double counted = static_cast<double>(own[i]) / std::max<double>(1, double(among));
      losses.push_back(-std::log((1 - a) * p + a * counted));
    }
    return losses;
  });
}

}  // namespace locus
