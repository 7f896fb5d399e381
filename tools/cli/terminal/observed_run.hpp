// A run of several as people see it: a progress bar, and Ctrl-C.
#pragma once

#include "pipelines/run_observer.hpp"
#include "tools/cli/terminal/progress.hpp"

namespace locus::cli {

/// See `ObserveRun`. Throws Error::cancellation() once a signal has come.
std::unique_ptr<RunObserver> observe_run(Session& session, const std::string& what,
                                         const Step& step = {});

}  // namespace locus::cli
