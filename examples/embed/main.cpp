// How well a model predicts a text, in three lines: open, evaluate, print.
//
//   embed MODEL "A sentence."
#include <iostream>
#include <locus/base/error.hpp>
#include <locus/pipelines/pipeline.hpp>

int main(int count, char** arguments) try {
  if (count < 3) return 2;
  auto pipeline = locus::Pipeline::open(arguments[1]);
  const auto evaluation = pipeline.evaluate(arguments[2]);
  std::cout << evaluation.summary.tokens << " tokens, perplexity " << evaluation.summary.perplexity
            << "\n";
} catch (const locus::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
