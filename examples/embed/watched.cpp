// Shows progress, and can be cancelled from another thread.
//
//   watched MODEL "A sentence." MILLISECONDS
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <locus/base/error.hpp>
#include <locus/pipelines/pipeline.hpp>
#include <thread>

int main(int count, char** arguments) try {
  if (count < 4) return 2;
  auto pipeline = locus::Pipeline::open(arguments[1]);
  const std::jthread canceller([&pipeline, wait = std::atoi(arguments[3])] {
    std::this_thread::sleep_for(std::chrono::milliseconds(wait));
    pipeline.cancel();
  });
  locus::EvaluateOptions options;
  options.progress = [](int64_t done, int64_t total) {
    std::cerr << "\r" << done << " of " << total << " tokens" << std::flush;
  };
  const auto evaluation = pipeline.evaluate(arguments[2], options);
  std::cerr << "\n";
  std::cout << "perplexity " << evaluation.summary.perplexity << "\n";
} catch (const locus::Error& error) {
  std::cerr << "\n" << error.what() << "\n";
  return error.cancelled() ? 130 : 1;
}
