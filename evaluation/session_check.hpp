// Work between a session's runs, which ends where these would end.
#pragma once

#include <functional>

#include "../engine/session.hpp"

namespace locus {

/// Throws after `Session::cancel`.
inline std::function<void()> check_of(Session& session) {
  return [&session] { session.parallel(1, [](int64_t, int) {}); };
}

}  // namespace locus
