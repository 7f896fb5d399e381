// The rows of a product in groups that fit the registers, and what each fetches from memory
// while it is multiplied.
#pragma once

#include <algorithm>
#include <cstdint>

namespace locus::ops {

enum class Fetch {
  nothing,
  ahead,  ///< values of this product's b that are needed soon
  next,   ///< a part of the b that is wanted after this one
};

/// Values of a line of the cache, of 4 bytes each.
constexpr int64_t line_values = 16;

struct RowGroup {
  int64_t rows;
  Fetch fetch;
  int64_t fetched;  ///< values of the next b for each step of the depth
};

/// Few rows wait for their own b. The next one's comes evenly beside more, in whole lines.
class RowGroups {
 public:
  /// next_width: values of the next b for each step of the depth; 0 where nothing comes next.
  RowGroups(int64_t rows, int64_t max_rows, int64_t next_width)
      : rows_(rows),
        groups_((rows + max_rows - 1) / max_rows),
        few_(rows < 2 * max_rows),
        missing_(few_ ? 0 : next_width),
        even_((missing_ / std::max<int64_t>(1, groups_) + line_values - 1) / line_values *
              line_values) {}

  bool empty() const { return groups_ == 0; }
  RowGroup take() {
    const int64_t rows = (rows_ + groups_ - 1) / groups_, fetched = std::min(even_, missing_);
    rows_ -= rows;
    missing_ -= fetched;
    --groups_;
    return {rows, few_ ? Fetch::ahead : fetched > 0 ? Fetch::next : Fetch::nothing, fetched};
  }

 private:
  int64_t rows_;
  int64_t groups_;
  bool few_;
  int64_t missing_;  // of what comes next, values for each step of the depth
  int64_t even_;     // of these for a group
};

}  // namespace locus::ops
