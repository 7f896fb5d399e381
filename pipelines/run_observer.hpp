// Who is told of each run of a measurement that makes several.
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

/// Makes the observer of a run that is about to begin; null for none. It may keep the session until
/// the observer is destroyed, to cancel the run from another thread, and may throw to end all.
using ObserveRun =
    std::function<std::unique_ptr<RunObserver>(Session& session, const std::string& what)>;

}  // namespace locus
