#include <cmath>
#include <memory>

#include "engine/positions/added_rows.hpp"
#include "engine/positions/settings.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {
namespace {

// Position k behind the n rows of the table is a u[k div n] + (1 - a) u[k mod n], where
// u = (p - a p[0]) / (1 - a): the first n keep their rows.
class Hierarchy {
 public:
  Hierarchy(const AddedRowsParts& parts, double a)
      : table_(parts.table.clone()),
        offset_(parts.offset),
        rows_(table_.shape()[0] - offset_),
        a_(a) {}

  int64_t max_length() const { return rows_ * rows_; }

  void write(double position, std::span<float> row) const {
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

  Tensor table_;  // [offset + n, D]
  int64_t offset_, rows_;
  double a_;
};

double read_hierarchy(const Settings& settings) {
  const double a = settings.number("hierarchy");
  if (!(a >= 0 && a < 1)) settings.fail("hierarchy from 0 to less than 1", to_string(Attribute(a)));
  return a;
}

std::shared_ptr<const PositionalEncoding> make_learned(const Attributes& attributes,
                                                       SchemeWeights& weights,
                                                       const SchemeContext& context) {
  const Settings settings("learned", attributes);
  AddedRowsParts parts;
  parts.offset = settings.at_least(0, "offset");
  const int64_t rows = weights.contains("table") ? -1 : context.capacity + parts.offset;
  parts.table = weights.take("table", {rows, context.width}, {});
  parts.max_length = parts.table.shape()[0] - parts.offset;
  if (parts.max_length < 1) {
    settings.fail("a table of more than offset = " + std::to_string(parts.offset) + " rows",
                  to_string(parts.table.shape()));
  }
  parts.parameters = parts.table.count();
  const double a = read_hierarchy(settings);
  std::shared_ptr<const Hierarchy> hierarchy;
  if (a > 0) hierarchy = std::make_shared<const Hierarchy>(parts, a);
  if (hierarchy) parts.max_length = hierarchy->max_length();
  parts.beyond = [hierarchy, limit = parts.max_length](double position, std::span<float> row) {
    const bool known = position >= 0 && position < static_cast<double>(limit);
    if (hierarchy && known && position == std::floor(position)) {
      return hierarchy->write(position, row);
    }
    throw Error("learned", "whole positions from 0 to " + std::to_string(limit - 1),
                to_string(Attribute(position)));
  };
  return std::make_shared<AddedRows>(std::move(parts));
}

}  // namespace

// Weight `table` [capacity + offset, D]; initially normal, deviation 0.02 (BERT's and GPT-2's).
Scheme learned() {
  Scheme row;
  row.name = "learned";
  row.summary = "one learned vector for each position, added to token vectors";
  row.source = "Gehring et al. 2017, section 3.1; Devlin et al. 2019, section 3";
  row.parameters = {
      {"offset", int64_t{0}, "rows before position 0 (BART, OPT: 2)"},
      {"hierarchy", 0.0,
       "a: position k behind the n rows of the table is a u[k div n] + (1 - a) u[k mod n], up to "
       "n^2; 0: there is none (Su: 0.4)"}};
  row.traits.absolute = true;
  row.traits.learned = true;
  row.traits.limited = true;
  row.make = make_learned;
  return row;
}

}  // namespace locus::positions
