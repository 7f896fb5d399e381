// Handles: closed, shared by threads, taken into a child.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/c/border.hpp"

namespace locus::tests {

TEST_CASE_FIXTURE(Border, "C: a closed handle is NULL, and NULL is refused") {
  locus_close(&gpt2.model);
  CHECK(gpt2.model == nullptr);
  locus_close(&gpt2.model);
  CHECK(generate() == "0");  // the worker keeps what it needs
  locus_worker_close(&gpt2.worker);
  CHECK(generate() == "1: worker: expected a pointer, found NULL");
}

TEST_CASE_FIXTURE(Border, "C: a callback may close its model and its worker") {
  options.max_tokens = 50;
  options.user = this;
  options.on_text = [](void* user, int64_t, const char*, size_t) {
    auto& tiny = *static_cast<Border*>(user);
    locus_close(&tiny.gpt2.model);
    locus_worker_close(&tiny.gpt2.worker);
    return 0;
  };
  const char* const prompts[] = {"the cat"};
  const auto texts = result_of<locus_texts>([&](auto result, auto error) {
    return locus_generate(gpt2.worker, prompts, 1, &options, result, error);
  });
  CHECK(texts->finishes[0] == LOCUS_ENDED);
  CHECK(gpt2.worker == nullptr);
  CHECK(generate() == "1: worker: expected a pointer, found NULL");
}

// AddressSanitizer's allocator has no hook at a fork: a lock that another thread holds stays
// locked.
#ifndef __SANITIZE_ADDRESS__
TEST_CASE_FIXTURE(Border, "C: a forked process uses what was opened before, and closes it") {
  CHECK(generate() == "0");
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    const bool same = generate() == "0";
    locus_worker* another = nullptr;
    const bool opened = locus_worker_open(gpt2.model, 2, &another, nullptr) == LOCUS_OK;
    locus_worker_close(&another);
    locus_worker_close(&gpt2.worker);
    locus_close(&gpt2.model);
    _exit(same && opened ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  CHECK(status == 0);
  CHECK(generate() == "0");
}
#endif

TEST_CASE_FIXTURE(Border, "C: threads share a model, each with its worker") {
  const char* text = "the cat sat the cat sat";
  const auto score = [&](locus_worker* worker) {
    locus_scores* scores = nullptr;
    const auto status = locus_score(worker, text, nullptr, &scores, nullptr);
    const double nll = status == LOCUS_OK ? scores->total_nll : -1;
    locus_free(scores);
    return nll;
  };
  const double expected = score(gpt2.worker);
  std::atomic<int> same = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      locus_worker* worker = nullptr;
      if (locus_worker_open(gpt2.model, 1, &worker, nullptr) != LOCUS_OK) return;
      for (int run = 0; run < 5; ++run) same += score(worker) == expected ? 1 : 0;
      locus_worker_close(&worker);
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(same == 20);
}

}  // namespace locus::tests
