#include <cmath>

#include "engine/positions/mechanisms/added_rows.hpp"
#include "engine/positions/mechanisms/settings.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {
namespace {

// Of a table of rows p[-offset] ... p[n - 1], position k is a u[k div n] + (1 - a) u[k mod n],
// where u = (p - a p[0]) / (1 - a).
class Hierarchy {
 public:
  Hierarchy(Tensor table, int64_t offset, double a)
      : table_(std::move(table)), offset_(offset), rows_(table_.shape()[0] - offset), a_(a) {}

  int64_t max_length() const { return rows_ * rows_; }

  void write(double position, std::span<float> row) const {
    const bool known = position >= 0 && position < static_cast<double>(max_length());
    if (!known || position != std::floor(position)) {
      throw Error("hierarchical", "whole positions from 0 to " + std::to_string(max_length() - 1),
                  to_string(Attribute(position)));
    }
    const auto k = static_cast<int64_t>(position);
    const float* high = row_of(k / rows_);
    const float* low = row_of(k % rows_);
    const float* first = row_of(0);
    for (size_t i = 0; i < row.size(); ++i) {
      const double origin = a_ * first[i];
      row[i] = static_cast<float>(a_ * (high[i] - origin) / (1 - a_) + (low[i] - origin));
    }
  }

 private:
  const float* row_of(int64_t position) const {
    return table_.data() + (position + offset_) * table_.shape()[1];
  }

  Tensor table_;
  int64_t offset_, rows_;
  double a_;
};

double read_share(const Settings& settings) {
  const double a = settings.number("a");
  if (!(a > 0 && a < 1)) settings.fail("a between 0 and 1", to_string(Attribute(a)));
  return a;
}

std::shared_ptr<const PositionalEncoding> make_hierarchical(const Attributes& attributes,
                                                            SchemeWeights& weights,
                                                            const SchemeContext& context) {
  const Settings settings("hierarchical", attributes);
  AddedRowsParts parts;
  parts.offset = settings.at_least(0, "offset");
  const int64_t rows = weights.contains("table") ? -1 : context.capacity + parts.offset;
  parts.table = weights.take("table", {rows, context.width}, {});
  if (parts.table.shape()[0] <= parts.offset) {
    settings.fail("a table of more than offset = " + std::to_string(parts.offset) + " rows",
                  to_string(parts.table.shape()));
  }
  const auto hierarchy =
      std::make_shared<const Hierarchy>(parts.table.clone(), parts.offset, read_share(settings));
  parts.max_length = hierarchy->max_length();
  parts.beyond = [hierarchy](double position, std::span<float> row) {
    hierarchy->write(position, row);
  };
  return std::make_shared<AddedRows>(std::move(parts));
}

}  // namespace

// Weight `table` [n + offset, D], as of `learned`, whose place it takes with its weights.
Scheme hierarchical() {
  Scheme row;
  row.name = "hierarchical";
  row.summary = "a learned table of n rows that serves n^2 positions; the first n are its own";
  row.source = "Su 2020, hierarchical decomposition of position codes (BERT beyond 512 tokens)";
  row.parameters = {{"offset", int64_t{0}, "rows before position 0 (BART, OPT: 2)"},
                    {"a", 0.4, "position k is a u[k div n] + (1 - a) u[k mod n]; 0 < a < 1"}};
  row.traits.absolute = true;
  row.traits.learned = true;
  row.traits.limited = true;
  row.continues = "learned";
  row.make = make_hierarchical;
  return row;
}

}  // namespace locus::positions
