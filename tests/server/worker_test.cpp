// Jobs that wait run together, and each fails of its own faults.
#include "server/jobs/worker.hpp"

#include <doctest/doctest.h>

#include <semaphore>
#include <thread>

#include "base/error.hpp"
#include "server/api/refusal.hpp"
#include "tests/server/served.hpp"

namespace locus::tests {
namespace {

using namespace server;

/// Holds its worker up until it is let go.
class Gate final : public Job {
 public:
  void run(Pipeline&, Company&) override {
    entered_.release();
    let_go_.acquire();
  }
  void wait() { entered_.acquire(); }
  void let_go() { let_go_.release(); }

 private:
  std::binary_semaphore entered_{0}, let_go_{0};
};

/// Notes with how many it ran; fails with a message.
class Note final : public Job {
 public:
  explicit Note(std::string failure = {}) : failure_(std::move(failure)) {}
  std::string kind() const override { return "note"; }
  void run(Pipeline&, Company& together) override {
    for (const auto& each : together.first()) {
      auto& note = static_cast<Note&>(*each);
      note.company = together.first().size();
      if (!note.failure_.empty()) throw Error(note.failure_);
    }
  }
  size_t company = 0;

 private:
  std::string failure_;
};

struct Working {
  Metrics metrics;
  Worker worker{Pipeline::open(golden_model("bert/bare")), {.queue = 8, .together = 3}, metrics};
  std::shared_ptr<Gate> gate = std::make_shared<Gate>();

  Working() {
    worker.submit(gate);
    gate->wait();
  }
  ~Working() { gate->let_go(); }

  std::vector<std::shared_ptr<Note>> run(const std::vector<std::string>& failures) {
    std::vector<std::shared_ptr<Note>> notes;
    for (const std::string& failure : failures) {
      notes.push_back(std::make_shared<Note>(failure));
      worker.submit(notes.back());
    }
    gate->let_go();
    for (const auto& note : notes) REQUIRE(note->ended_within(std::chrono::seconds(10)));
    return notes;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Working, "jobs of one kind run together, as many as there is room for") {
  const auto notes = run({"", "", "", ""});
  CHECK(notes[0]->company == 3);
  CHECK(notes[2]->company == 3);
  CHECK(notes[3]->company == 1);
}

TEST_CASE_FIXTURE(Working, "a job that fails in company fails alone") {
  const auto notes = run({"", "a fault", ""});
  CHECK_NOTHROW(notes[0]->check());
  CHECK_THROWS_WITH(notes[1]->check(), "a fault");
  CHECK_NOTHROW(notes[2]->check());
  CHECK(notes[2]->company == 1);
}

TEST_CASE_FIXTURE(Working, "jobs that nobody waits for are not run") {
  const auto given_up = std::make_shared<Note>();
  worker.submit(given_up);
  worker.give_up(*given_up);
  const auto notes = run({""});
  CHECK(given_up->company == 0);
  CHECK(notes[0]->company == 1);
}

TEST_CASE_FIXTURE(Working, "a client that is gone is not waited for") {
  Call call;
  call.alive = [] { return false; };
  CHECK_THROWS_AS(worker.run(std::make_shared<Note>(), call), Refusal);
}

}  // namespace locus::tests
