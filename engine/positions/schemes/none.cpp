#include "engine/scheme.hpp"

namespace locus::positions {

Scheme none() {
  Scheme row;
  row.name = "none";
  row.summary = "no positions: what order a model sees, it sees through its mask";
  row.source = "Haviv et al. 2022, Transformer Language Models without Positional Encodings";
  row.traits.relative = true;
  row.traits.planar = true;
  row.make = [](const Attributes&, SchemeWeights&, const SchemeContext&) {
    return std::make_shared<const PositionalEncoding>();
  };
  return row;
}

}  // namespace locus::positions
