#include "engine/ops/linear/weight_rows.hpp"

#include <algorithm>
#include <utility>

namespace locus::ops {

WeightRows::WeightRows(Tensor matrix) : WeightRows(std::as_const(matrix).view()) {
  kept_ = std::make_shared<const Tensor>(std::move(matrix));
}

void WeightRows::write(int64_t first, View to) const {
  if (read_) return read_(first, to);
  for (int64_t row = 0; row < to.size(0); ++row) {
    std::ranges::copy(matrix_.row(first + row), to.row(row).begin());
  }
}

ConstView WeightRows::read(int64_t begin, int64_t end, Tensor& room) const {
  if (!read_) return matrix_.slice(0, begin, end);
  if (room.count() < (end - begin) * inputs_) room = Tensor({end - begin, inputs_});
  const View to(room.data(), {end - begin, inputs_});
  write(begin, to);
  return to;
}

WeightRows WeightRows::joined(std::vector<WeightRows> parts) {
  if (parts.size() == 1) return parts.front();
  int64_t outputs = 0;
  for (const WeightRows& part : parts) outputs += part.outputs();
  const int64_t inputs = parts.front().inputs();
  return {outputs, inputs, [parts = std::move(parts)](int64_t first, View to) {
            int64_t begin = 0;  // of a part
            for (const WeightRows& part : parts) {
              const int64_t end = begin + part.outputs(), from = std::max(first, begin),
                            until = std::min(first + to.size(0), end);
              if (from < until) part.write(from - begin, to.slice(0, from - first, until - first));
              begin = end;
            }
          }};
}

}  // namespace locus::ops
