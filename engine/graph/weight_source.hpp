// Weights as nodes and encodings take them: resolved, checked, counted.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/memory_limit.hpp"
#include "engine/graph_spec.hpp"
#include "engine/ops/linear/weight_rows.hpp"
#include "engine/options.hpp"
#include "engine/weights.hpp"

namespace locus::graph {

/// Resolves references and remembers which stored weights were read.
class WeightSource {
 public:
  /// `check` is called between pieces of work that the caller's thread does, and may throw to end
  /// it.
  explicit WeightSource(const Weights& weights, Precision precision = Precision::f32,
                        std::function<void()> check = {})
      : weights_(weights), check_(std::move(check)), precision_(precision) {}

  void check() const {
    if (check_ && std::this_thread::get_id() == caller_) check_();
  }
  const Weights& stored() const { return weights_; }
  /// The tensor that a reference describes, in f32. `expected` may hold -1 for any size. Throws
  /// Error `NAME: expected [2, 3], found [3, 2]`, and where memory cannot hold it beside those
  /// that were taken before.
  Tensor take(const WeightRef& reference, const Shape& expected);
  /// The rows of a matrix that a reference describes, times a factor, for as long as the stored
  /// weights are there. Those of a tensor as it is stored are read when they are asked for, by any
  /// thread, which throws Error where one is not finite.
  ops::WeightRows rows(const WeightRef& reference, const Shape& expected, float factor = 1);
  /// Throws Error where memory cannot hold a stored weight's values, of so many bytes each.
  void expect_memory(const std::string& name, int64_t value_bytes) const;
  /// Whether the file holds the tensor that a reference begins with.
  bool contains(const WeightRef& reference) const { return weights_.contains(reference.name); }
  /// The shape of the tensor that a reference describes.
  Shape shape_of(const WeightRef& reference) const;
  /// Notes that a stored weight and those it is concatenated with are in use.
  void note(const WeightRef& reference);

  std::vector<std::string> used() const { return {used_.begin(), used_.end()}; }
  int64_t parameters() const;  ///< values of all stored weights in use

 private:
  void hold(const std::string& name, const Shape& shape);
  void expect_room(const std::string& name, int64_t values, int64_t value_bytes,
                   int64_t held) const;
  void expect_parts(const WeightRef& reference) const;

  const Weights& weights_;
  std::function<void()> check_;
  std::thread::id caller_ = std::this_thread::get_id();
  Precision precision_;
  int64_t memory_ = memory_limit();  // asked for once: its files are slow to open
  int64_t held_ = 0;                 // bytes that what was taken needs at least
  std::set<std::string> used_;
};

}  // namespace locus::graph
