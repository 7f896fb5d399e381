#pragma once

#include "engine/session.hpp"
#include "pipelines/documents.hpp"

namespace locus::pipelines {

/// Ends work between a session's runs where these would end: throws after `Session::cancel`.
inline CancelCheck check_of(Session& session) {
  return [&session] { session.parallel(1, [](int64_t, int) {}); };
}

}  // namespace locus::pipelines
