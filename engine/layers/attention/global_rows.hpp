// Rows that see all rows of their sequence and that all of them see.
#pragma once

#include "engine/layers/attention/heads.hpp"
#include "engine/layers/layer.hpp"

namespace locus::layers {

/// Rows at an end of every sequence that see all others, with projections of their own, and that
/// all others see with the usual ones: Beltagy et al. 2020, section 3.1.
class GlobalRows {
 public:
  /// Attributes `global` and `global_id`, weights `global_query`, `global_key`, `global_value`.
  GlobalRows(const NodeReader& reader, const Heads& heads);

  bool any() const { return which_ != Which::none; }
  /// Throws Error for a sequence without the id that they are counted from.
  Range of(int64_t sequence, const Run& run) const;
  /// The other rows.
  Range others(int64_t sequence, const Run& run) const;

  /// [rows, H d], [rows, G d], [rows, G d]: queries of these rows alone, keys and values of all
  /// rows of sequences that have any.
  struct Projected {
    View queries, keys, values;
  };
  Projected project(ConstView x, Run& run) const;
  const Visibility& visibility() const { return *visibility_; }
  int64_t bytes() const { return any() ? query_->bytes() + memory_->bytes() : 0; }

 private:
  enum class Which { none, first, before, after };
  static Which which(const NodeReader& reader);
  int64_t place(std::span<const int32_t> ids) const;

  std::string name_;
  Which which_;
  int64_t id_;
  std::shared_ptr<const Visibility> visibility_;
  int64_t query_width_, key_width_;
  std::unique_ptr<ops::PackedLinear> query_;
  std::unique_ptr<ops::PackedLinear> memory_;  // keys and values
};

}  // namespace locus::layers
