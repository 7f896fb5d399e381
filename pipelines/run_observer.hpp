// Progress of a measurement that makes several runs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "../engine/session.hpp"

namespace locus {

/// Lives as long as the run that it was made for.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  /// Tokens scored so far, and in all.
  virtual void progress(int64_t done, int64_t total) = 0;
};

/// Makes the observer of a run that is about to begin; null for none. The observer may keep the
/// session for its own lifetime, to cancel the run from another thread. May throw to end all runs.
using ObserveRun =
    std::function<std::unique_ptr<RunObserver>(Session& session, const std::string& what)>;

}  // namespace locus
