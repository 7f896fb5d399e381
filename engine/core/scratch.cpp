#include "engine/scratch.hpp"

#include <algorithm>

namespace locus {
namespace {

constexpr int64_t alignment = 16;     // values: one cache line
constexpr int64_t min_chunk = 16384;  // values
// A chunk of more values holds one matrix, which is as large as it was asked to be.
constexpr int64_t max_growth = int64_t{1} << 24;

}  // namespace

std::span<float> Scratch::values(int64_t count) {
  const int64_t padded = (count + alignment - 1) / alignment * alignment;
  while (chunk_ < chunks_.size() && used_ + padded > chunks_[chunk_].count()) {
    ++chunk_;
    used_ = 0;
  }
  if (chunk_ == chunks_.size()) {
    const int64_t last =
        chunks_.empty() ? min_chunk : std::min(2 * chunks_.back().count(), max_growth);
    chunks_.emplace_back(Shape{std::max(last, padded)});
  }
  float* begin = chunks_[chunk_].data() + used_;
  used_ += padded;
  return {begin, static_cast<size_t>(count)};
}

View Scratch::matrix(int64_t rows, int64_t columns) {
  return View(values(rows * columns).data(), {rows, columns});
}

int64_t Scratch::bytes() const {
  int64_t total = 0;
  for (const Tensor& chunk : chunks_) total += chunk.count() * int64_t{sizeof(float)};
  return total;
}

}  // namespace locus
