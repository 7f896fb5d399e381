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

std::string name_of(Convention convention) {
  const auto* row = std::find_if(conventions.begin(), conventions.end(),
                                 [&](const auto& entry) { return entry.second == convention; });
  return std::string(row->first);
}

WindowPlan::WindowPlan(int64_t tokens, const WindowSettings& settings)
    : tokens_(tokens),
      convention_(settings.convention),
      bos_(settings.bos && convention_ != Convention::hf),
      capacity_(settings.context) {
  expect(settings.context >= 2, "a context of at least 2", settings.context);
  switch (convention_) {
    case Convention::sliding:
    case Convention::disjoint:
      capacity_ -= bos_ ? 1 : 0;
      stride_ =
          convention_ == Convention::disjoint ? capacity_ : checked_stride(settings, capacity_);
      return;
    case Convention::hf:
      stride_ = checked_stride(settings, capacity_);
      return;
    case Convention::lm_eval:
      if (!bos_) throw Error("lm-eval", "a prefix token", "a model without one");
      return;
    case Convention::llama_cpp:
      return;
  }
  throw Error("windows", "a known convention", std::to_string(static_cast<int>(convention_)));
}

std::optional<Window> WindowPlan::next() {
  if (convention_ == Convention::llama_cpp) return next_llama_cpp();
  if (convention_ == Convention::lm_eval) return next_lm_eval();
  return next_slide();
}

// Windows of `capacity_` tokens that begin `stride_` apart.
std::optional<Window> WindowPlan::next_slide() {
  while (scored_ < tokens_) {
    const int64_t begin = begin_;
    const int64_t end = std::min(begin + capacity_, tokens_);
    const int64_t from = std::max(scored_, begin + (bos_ ? 0 : 1));
    begin_ += stride_;
    scored_ = end;
    if (from < end) return Window{begin, end, from, bos_};
  }
  return std::nullopt;
}

// Token k of the opened text is id k - 1, so that the window after its replaced first token is ids
// [begin, begin + L - 1).
std::optional<Window> WindowPlan::next_llama_cpp() {
  const int64_t opening = bos_ ? 1 : 0;
  while (begin_ + capacity_ <= tokens_ + opening) {
    const int64_t begin = begin_;
    const int64_t end = begin + capacity_ - opening;
    const int64_t from = begin + capacity_ / 2 + 1 - opening;
    begin_ += capacity_;
    if (from < end) return Window{begin, end, from, bos_};
  }
  return std::nullopt;
}

std::optional<Window> WindowPlan::next_lm_eval() {
  if (scored_ >= tokens_) return std::nullopt;
  const int64_t from = scored_;
  const int64_t end = std::min(from + capacity_, tokens_);
  scored_ = end;
  if (from == 0) return Window{0, end, 0, true};
  return Window{end - capacity_ - 1, end, from, false};
}

std::vector<Window> plan_windows(int64_t tokens, const WindowSettings& settings) {
  std::vector<Window> windows;
  WindowPlan plan(tokens, settings);
  while (const auto window = plan.next()) windows.push_back(*window);
  return windows;
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
