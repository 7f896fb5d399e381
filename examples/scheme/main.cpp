// Adds a positional encoding of its own to Locus and runs a model with it, by name.
//
//   scheme MODEL "A text" [ENCODING]      ENCODING: recency by default, or recency:strength=2+rope
#include <algorithm>
#include <cmath>
#include <iostream>
#include <locus/base/error.hpp>
#include <locus/engine/session.hpp>
#include <locus/models/model.hpp>
#include <locus/tokenizer/tokenizer.hpp>

namespace {

/// s[h, i, j] -= strength ln(1 + |i - j|): far keys count less, in every head alike.
class Recency : public locus::PositionalEncoding {
 public:
  explicit Recency(double strength) : strength_(strength) {}

  void score(locus::View s, locus::ConstView, locus::ConstView,
             const locus::Block& block) const override {
    for (int64_t head = 0; head < s.size(0); ++head) {  // s [H, Tq, Tk]
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
  locus::ModelOptions options;
  options.schemes = {recency()};
  options.encoding = count > 3 ? arguments[3] : "recency";
  const auto model = locus::Model::open(arguments[1], options);
  const auto tokenizer = locus::Tokenizer::open(model->folder());
  const std::vector<int32_t> ids = tokenizer->encode_ids(arguments[2], {.special = false});

  locus::Session session(model->graph());
  session.encode(std::vector<locus::Sequence>{{ids}});
  const std::vector<int64_t> last{static_cast<int64_t>(ids.size()) - 1};
  const auto logits = session.logits(last).row(0);
  const auto next = static_cast<int32_t>(std::ranges::max_element(logits) - logits.begin());
  for (const std::string& encoding : model->encodings()) std::cout << encoding << "\n";
  std::cout << "next: " << tokenizer->decode(std::vector<int32_t>{next}) << "\n";
} catch (const locus::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
