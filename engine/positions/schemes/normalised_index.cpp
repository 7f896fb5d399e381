#include <algorithm>

#include "engine/positions/mechanisms/settings.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {
namespace {

// x <- x + p / (T - 1) w
class NormalisedIndex : public PositionalEncoding {
 public:
  /// length: T, or 0 for that of the sequence.
  NormalisedIndex(Tensor weight, int64_t length) : weight_(std::move(weight)), length_(length) {}

  void embed(View x, const Block& block) const override {  // x [T, D]
    const int64_t length = length_ > 0 ? length_ : block.length;
    const auto steps = static_cast<double>(std::max<int64_t>(1, length - 1));  // T = 1: index 0
    for (int64_t row = 0; row < x.size(0); ++row) {
      const auto index = static_cast<float>(block.queries.at(row) / steps);
      const auto token = x.row(row);
      for (size_t i = 0; i < token.size(); ++i) token[i] += index * weight_.data()[i];
    }
  }

 private:
  Tensor weight_;  // w [D]
  int64_t length_;
};

int64_t read_length(const Settings& settings, const SchemeContext& context) {
  const std::string length = settings.text("length");
  if (length == "actual") return 0;
  if (length == "auto" && !context.causal) return 0;
  if (length == "auto") return std::max<int64_t>(1, context.capacity);
  const Attribute number = parse_attribute(length);
  if (const auto* fixed = std::get_if<int64_t>(&number); fixed && *fixed >= 1) {
    return IntegerRange{.min = 1}.check(settings.who(), "length", *fixed);
  }
  settings.fail("length to be auto, actual or at least 1", "'" + length + "'");
}

// With the sequence's own length a token's index changes as text is appended.
SchemeTraits refine_index(SchemeTraits traits, const Attributes& attributes) {
  traits.stepwise = Settings("normalised_index", attributes).text("length") != "actual";
  return traits;
}

}  // namespace

// Weight `weight` [D]; initially normal, deviation 0.02. (All ones would be no position at all
// after a LayerNorm, which removes what a row's values share.)
Scheme normalised_index() {
  Scheme row;
  row.name = "normalised_index";
  row.summary = "the position as one number from 0 to 1, along a learned vector";
  row.source = "folklore before Vaswani et al. 2017: x + p / (T - 1) w";
  row.parameters = {{"length", "auto",
                     "T: a number; actual: the sequence's own; auto: the context's where the model "
                     "is causal, else actual"}};
  row.traits.absolute = true;
  row.traits.learned = true;
  row.refine = refine_index;
  row.make = [](const Attributes& attributes, SchemeWeights& weights,
                const SchemeContext& context) {
    const Settings settings("normalised_index", attributes);
    return std::make_shared<NormalisedIndex>(weights.take("weight", {context.width}, {}),
                                             read_length(settings, context));
  };
  return row;
}

}  // namespace locus::positions
