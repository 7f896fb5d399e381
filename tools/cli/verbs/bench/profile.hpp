// Where the time of a run goes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/session.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/verbs/bench/peaks.hpp"
#include "tools/cli/verbs/bench/work.hpp"

namespace locus::cli {

/// Time, work and share of the peak that binds, of a node or of all nodes of a kind.
struct ProfileRow {
  std::string name;
  std::string kind;
  int64_t nodes = 1;
  double seconds = 0;
  double operations = 0;
  double bytes = 0;

  /// What the work would take at the peaks, whichever binds.
  double min_seconds(const Peaks& peaks) const;
  bool bound_by_memory(const Peaks& peaks) const;
};

/// Collects the times of nodes over runs of one length.
class Profile {
 public:
  /// One run more is about to begin.
  void begin_run() { ++runs_; }
  void add(const NodeTime& time);
  /// The nodes that ran, in the model's order, each with its mean time.
  std::vector<ProfileRow> nodes(const std::vector<NodeWork>& work) const;

 private:
  int64_t runs_ = 0;
  std::map<std::string, double, std::less<>> seconds_;  // by node
};

Json to_json(const std::vector<ProfileRow>& nodes, const Peaks& peaks);
/// By kind, the slowest nodes, and the whole beside what the peaks allow.
std::string to_text(const std::vector<ProfileRow>& nodes, const Peaks& peaks, int width);

}  // namespace locus::cli
