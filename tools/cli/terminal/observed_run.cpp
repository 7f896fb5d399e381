#include "tools/cli/terminal/observed_run.hpp"

#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/progress.hpp"

namespace locus::cli {
namespace {

class ObservedRun final : public RunObserver {
 public:
  ObservedRun(Session& session, const std::string& what, const Step& step)
      : cancellable_(session), bar_(what, step) {}
  void progress(int64_t done, int64_t total) override { bar_.show(done, total); }

 private:
  Cancellable cancellable_;
  Progress bar_;
};

}  // namespace

std::unique_ptr<RunObserver> observe_run(Session& session, const std::string& what,
                                         const Step& step) {
  check_interruption();
  return std::make_unique<ObservedRun>(session, what, step);
}

}  // namespace locus::cli
