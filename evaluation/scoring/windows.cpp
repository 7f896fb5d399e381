#include "evaluation/windows.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"

namespace locus {
namespace {

constexpr std::array<std::pair<std::string_view, Convention>, 5> conventions{{
    {"sliding", Convention::sliding},
    {"disjoint", Convention::disjoint},
    {"llama.cpp", Convention::llama_cpp},
    {"lm-eval", Convention::lm_eval},
    {"hf", Convention::hf},
}};

/// Windows of `capacity` tokens that begin `stride` apart.
struct Slide {
  int64_t capacity = 0;
  int64_t stride = 0;
  bool bos = false;
};

std::vector<Window> slide(int64_t tokens, const Slide& rule) {
  std::vector<Window> windows;
  for (int64_t begin = 0, scored = 0; scored < tokens; begin += rule.stride) {
    const int64_t end = std::min(begin + rule.capacity, tokens);
    const int64_t from = std::max(scored, begin + (rule.bos ? 0 : 1));
    if (from < end) windows.push_back({begin, end, from, rule.bos});
    scored = end;
  }
  return windows;
}

// Token k of the opened text is id k - 1, so that the window after its replaced first token is ids
// [begin, begin + L - 1).
std::vector<Window> llama_cpp(int64_t tokens, int64_t context, bool bos) {
  const int64_t opening = bos ? 1 : 0;
  std::vector<Window> windows;
  for (int64_t begin = 0; begin + context <= tokens + opening; begin += context) {
    const int64_t end = begin + context - opening;
    const int64_t from = begin + context / 2 + 1 - opening;
    if (from < end) windows.push_back({begin, end, from, bos});
  }
  return windows;
}

std::vector<Window> lm_eval(int64_t tokens, int64_t context) {
  if (tokens == 0) return {};
  std::vector<Window> windows{{0, std::min(context, tokens), 0, true}};
  while (windows.back().end < tokens) {
    const int64_t from = windows.back().end;
    const int64_t end = std::min(from + context, tokens);
    windows.push_back({end - context - 1, end, from, false});
  }
  return windows;
}

void expect(bool holds, std::string_view expected, int64_t found) {
  if (!holds) throw Error("windows", expected, std::to_string(found));
}

int64_t checked_stride(const WindowSettings& settings, int64_t capacity) {
  const int64_t stride = settings.stride == 0 ? settings.context / 2 : settings.stride;
  expect(stride >= 1 && stride <= capacity, "a stride of 1 to " + std::to_string(capacity), stride);
  return stride;
}

/// Every `count`-th part of `available`, from the first on.
std::vector<int64_t> evenly(int64_t available, int64_t count) {
  const int64_t taken = count == 0 ? available : std::min(count, available);
  std::vector<int64_t> chosen;
  for (int64_t i = 0; i < taken; ++i) chosen.push_back(i * available / taken);
  return chosen;
}

}  // namespace

Convention parse_convention(std::string_view name) {
  for (const auto& [known, convention] : conventions) {
    if (known == name) return convention;
  }
  throw Error("convention", "sliding, disjoint, llama.cpp, lm-eval or hf", std::string(name));
}

std::string to_string(Convention convention) {
  const auto* row = std::find_if(conventions.begin(), conventions.end(),
                                 [&](const auto& entry) { return entry.second == convention; });
  return std::string(row->first);
}

std::vector<Window> plan_windows(int64_t tokens, const WindowSettings& settings) {
  expect(settings.context >= 2, "a context of at least 2", settings.context);
  const int64_t context = settings.context;
  const int64_t capacity = context - (settings.bos ? 1 : 0);
  switch (settings.convention) {
    case Convention::sliding:
      return slide(tokens, {capacity, checked_stride(settings, capacity), settings.bos});
    case Convention::disjoint:
      return slide(tokens, {capacity, capacity, settings.bos});
    case Convention::llama_cpp:
      return llama_cpp(tokens, context, settings.bos);
    case Convention::lm_eval:
      if (!settings.bos) throw Error("lm-eval", "a prefix token", "a model without one");
      return lm_eval(tokens, context);
    case Convention::hf:
      return slide(tokens, {context, checked_stride(settings, context), false});
  }
  throw Error("windows", "a known convention",
              std::to_string(static_cast<int>(settings.convention)));
}

std::vector<std::vector<Window>> plan_sweep(int64_t tokens, const SweepSettings& settings) {
  if (settings.contexts.empty()) return {};
  const int64_t opening = settings.bos ? 1 : 0;
  const auto [shortest, longest] =
      std::minmax_element(settings.contexts.begin(), settings.contexts.end());
  expect(*shortest >= 2, "contexts of at least 2", *shortest);
  expect(settings.block >= 1 && settings.block < *shortest,
         "a block of 1 to " + std::to_string(*shortest - 1), settings.block);
  const int64_t first = *longest - opening - settings.block;  // its window begins with the text
  const int64_t available = std::max<int64_t>(0, (tokens - first) / settings.block);

  std::vector<std::vector<Window>> plans;
  for (const int64_t context : settings.contexts) {
    auto& windows = plans.emplace_back();
    for (const int64_t index : evenly(available, settings.blocks)) {
      const int64_t from = first + index * settings.block;
      const int64_t end = from + settings.block;
      windows.push_back({end - (context - opening), end, from, settings.bos});
    }
  }
  return plans;
}

}  // namespace locus
