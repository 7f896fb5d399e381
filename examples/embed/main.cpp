// Opens a model, scores a sentence, shows progress, and can be cancelled from another thread.
//
//   embed MODEL "A sentence." [milliseconds until it is cancelled]
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <locus/engine/error.hpp>
#include <locus/models/model.hpp>
#include <locus/models/score.hpp>
#include <locus/tokenizer/tokenizer.hpp>
#include <thread>

int main(int count, char** arguments) try {
  if (count < 3) {
    std::cerr << "usage: embed MODEL TEXT [MILLISECONDS]\n";
    return 2;
  }
  const auto model = locus::Model::open(arguments[1]);
  const auto tokenizer = locus::Tokenizer::open(model->folder());
  locus::Text text;
  text.ids = tokenizer->encode_ids(arguments[2], {.special = false});

  locus::Session session(model->graph());
  std::jthread canceller;
  if (count > 3) {
    canceller = std::jthread([&session, wait = std::atoi(arguments[3])] {
      std::this_thread::sleep_for(std::chrono::milliseconds(wait));
      session.cancel();
    });
  }
  locus::CausalSettings settings;
  settings.windows.context = locus::default_context(*model->graph());
  settings.bos = model->special().bos;
  settings.batch.progress = [](int64_t done, int64_t total) {
    std::cerr << "\r" << done << " of " << total << " tokens" << std::flush;
  };
  const locus::Text texts[] = {text};
  const auto scores = locus::score_causal(session, texts, settings);
  const locus::Summary summary = locus::summarize(texts, scores);
  std::cerr << "\n";
  std::cout << summary.tokens << " tokens, perplexity " << summary.perplexity << "\n";
} catch (const locus::Error& error) {
  std::cerr << "\n" << error.what() << "\n";
  return error.cancelled() ? 130 : 1;
}
