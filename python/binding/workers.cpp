#include "python/binding/workers.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <unistd.h>

#include <utility>

#include "base/error.hpp"

namespace locus::python {

Workers::Workers(Pipeline first, int threads)
    : first_(std::make_unique<Pipeline>(std::move(first))), threads_(threads), process_(getpid()) {}

Workers::~Workers() { close(); }

void Workers::expect_open() const {
  if (!first_) throw Error("model", "one that is open", "a closed one");
}

const Model& Workers::model() const {
  const std::lock_guard lock(mutex_);
  expect_open();
  return first_->model();
}

// Their threads do not exist here, and waiting for them would never end.
void Workers::leave_to_parent() {
  if (getpid() == process_) return;
  process_ = getpid();
  for (auto& worker : idle_) static_cast<void>(worker.release());
  idle_.clear();
  auto* left = first_.release();
  if (left) first_ = std::make_unique<Pipeline>(left->share(1));
}

void Workers::close() {
  const std::lock_guard lock(mutex_);
  leave_to_parent();
  idle_.clear();
  first_.reset();
}

void Workers::warn_of_length(const Pipeline& pipeline) {
  const auto warning = pipeline.length_warning();
  if (!warning || std::exchange(warned_, true)) return;
  nanobind::module_::import_("locus_engine.results").attr("warn")(*warning);
}

std::unique_ptr<Worker> Workers::take() {
  const std::lock_guard lock(mutex_);
  expect_open();
  leave_to_parent();
  if (idle_.empty()) return std::make_unique<Worker>(first_->share(threads_));
  auto worker = std::move(idle_.back());
  idle_.pop_back();
  return worker;
}

void Workers::give_back(std::unique_ptr<Worker> worker) {
  worker->pipeline.resume();
  const std::lock_guard lock(mutex_);
  if (first_) idle_.push_back(std::move(worker));
}

}  // namespace locus::python
