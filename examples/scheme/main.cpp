// Adds a positional encoding of its own to Locus and runs a model with it, by name.
//
//   scheme MODEL "A text" [ENCODING]      ENCODING: recency by default, or recency:strength=2+rope
#include <cmath>
#include <iostream>
#include <locus/base/error.hpp>
#include <locus/pipelines/pipeline.hpp>

namespace {

/// s[h, i, j] -= strength ln(1 + |i - j|): far keys count less, in every head alike.
class Recency : public locus::PositionalEncoding {
 public:
  explicit Recency(double strength) : strength_(strength) {}

  void score(locus::View s, locus::ConstView, locus::ConstView,
             const locus::Block& block) const override {
    // s [H, Tq, Tk]. It may hold a part of the heads: a score that differs from head to head would
    // count them from `block.first_head`.
    for (int64_t head = 0; head < s.size(0); ++head) {
      for (int64_t i = 0; i < s.size(1); ++i) {
        for (int64_t j = 0; j < s.size(2); ++j) {
          const double distance = std::abs(block.keys.at(j) - block.queries.at(i));
          s(head, i, j) -= static_cast<float>(strength_ * std::log1p(distance));
        }
      }
    }
  }

 private:
  double strength_;
};

locus::Scheme recency() {
  locus::Scheme row;
  row.name = "recency";
  row.summary = "a penalty that grows with the logarithm of the distance, the same in every head";
  row.source = "the example of the documentation";
  row.parameters = {{"strength", 1.0, "of the penalty"}};
  row.traits.relative = true;
  row.make = [](const locus::Attributes& parameters, locus::SchemeWeights&,
                const locus::SchemeContext&) {
    return std::make_shared<Recency>(parameters.number("recency", "strength"));
  };
  return row;
}

}  // namespace

int main(int count, char** arguments) try {
  if (count < 3) {
    std::cerr << "usage: scheme MODEL TEXT [ENCODING]\n";
    return 2;
  }
  locus::PipelineOptions options;
  options.schemes = {recency()};
  options.encoding = count > 3 ? arguments[3] : "recency";
  auto pipeline = locus::Pipeline::open(arguments[1], options);
  for (const std::string& encoding : pipeline.model().encodings()) std::cout << encoding << "\n";
  std::cout << "next: " << pipeline.generate(arguments[2], {.max_tokens = 1}).text << "\n";
} catch (const locus::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
