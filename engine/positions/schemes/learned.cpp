#include "engine/positions/mechanisms/added_rows.hpp"
#include "engine/positions/mechanisms/settings.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {
namespace {

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
  parts.beyond = [limit = parts.max_length](double position, std::span<float>) {
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
  row.parameters = {{"offset", int64_t{0}, "rows before position 0 (BART, OPT: 2)"}};
  row.traits.absolute = true;
  row.traits.learned = true;
  row.traits.limited = true;
  row.make = make_learned;
  return row;
}

}  // namespace locus::positions
