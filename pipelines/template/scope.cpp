#include "pipelines/template/scope.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "pipelines/template/expressions.hpp"

namespace locus::pipelines::templates {
namespace {

constexpr int64_t max_steps = 10000;
constexpr size_t max_kept = 1 << 24;
constexpr size_t max_spent = 1 << 28;
constexpr int deepest_list = 64;
constexpr size_t bytes_of_each = 128;  // a value's own: what copying it costs beside its text

struct Measure {
  size_t bytes = bytes_of_each;
  int depth = 0;
};

// Lists grow by one level at a time, and each is measured: this one recurses no deeper either.
Measure measure(const Value& value) {
  Measure whole;
  if (value.is_string()) whole.bytes += value.get_ref<const std::string&>().size();
  if (!value.is_structured()) return whole;
  for (const Value& each : value) {
    const Measure part = measure(each);
    whole.bytes += part.bytes;
    whole.depth = std::max(whole.depth, part.depth + 1);
  }
  return whole;
}

}  // namespace

void Budget::step() {
  if (++steps_ > max_steps) throw Error("template", "an end after 10,000 steps", "none");
}

void Budget::keep(const Value& value) {
  kept_ += measure(value).bytes;
  if (kept_ > max_kept) throw Error("template", "at most 16 MiB of values", "more");
}

void Budget::count(const Value& value) {
  const Measure size = measure(value);
  if (size.depth > deepest_list) throw Error("template", "lists at most 64 deep", "deeper ones");
  spend(size.bytes);
}

void Budget::spend(size_t bytes) {
  spent_ += std::min(bytes, max_spent + 1);
  if (spent_ > max_spent) throw Error("template", "an end after 256 MiB of values", "none");
}

Value Scope::find(const std::string& name) const {
  for (const Scope* scope = this; scope; scope = scope->outer_) {
    const auto found = scope->names_.find(name);
    if (found != scope->names_.end()) return *found;
  }
  return undefined();
}

void Scope::set(const std::string& name, Value value) {
  budget_->keep(value);
  names_[name] = std::move(value);
}

}  // namespace locus::pipelines::templates
