#include "evaluation/attention_reach.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <map>
#include <mutex>

namespace locus {
namespace {

/// Mass in units of 2^-32: integers add up to the same sum in any order.
class Mass {
 public:
  explicit Mass(const GraphSpec& spec) {
    for (const NodeSpec& node : spec.nodes) {
      if (node.kind == "attention" && node.inputs.size() == 1) nodes_.push_back(node.name);
    }
  }

  void add(const AttentionTile& tile) {
    if (std::ranges::find(nodes_, tile.node) == nodes_.end()) return;
    std::vector<uint64_t> bins;
    for (int64_t row = 0; row < tile.probabilities.size(0); ++row) {
      const auto p = tile.probabilities.row(row);
      for (size_t column = 0; column < p.size(); ++column) {
        const int64_t key = tile.first_key + static_cast<int64_t>(column);
        const int64_t bin = reach_bin(std::abs(key - tile.first_query - row));
        if (bin >= static_cast<int64_t>(bins.size())) bins.resize(static_cast<size_t>(bin) + 1);
        bins[static_cast<size_t>(bin)] += static_cast<uint64_t>(std::ldexp(double{p[column]}, 32));
      }
    }
    const std::scoped_lock lock(mutex_);
    auto& sum = sums_[std::string(tile.node)][tile.head];
    sum.resize(std::max(sum.size(), bins.size()));
    for (size_t bin = 0; bin < bins.size(); ++bin) sum[bin] += bins[bin];
  }

  std::vector<AttentionReach> shares() const {
    std::vector<AttentionReach> all;
    for (const std::string& node : nodes_) {
      if (const auto heads = sums_.find(node); heads != sums_.end()) {
        all.push_back({node, shares_of(heads->second)});
      }
    }
    return all;
  }

 private:
  using Heads = std::map<int64_t, std::vector<uint64_t>>;

  static Tensor shares_of(const Heads& heads) {
    size_t bins = 0;
    for (const auto& [head, sum] : heads) bins = std::max(bins, sum.size());
    Tensor shares({static_cast<int64_t>(heads.size()), static_cast<int64_t>(bins)});
    for (const auto& [head, sum] : heads) {
      double total = 0;
      for (const uint64_t mass : sum) total += static_cast<double>(mass);
      for (size_t bin = 0; bin < sum.size(); ++bin) {
        shares.view()(head, static_cast<int64_t>(bin)) =
            static_cast<float>(static_cast<double>(sum[bin]) / total);
      }
    }
    return shares;
  }

  std::vector<std::string> nodes_;
  std::mutex mutex_;
  std::map<std::string, Heads> sums_;
};

}  // namespace

int64_t reach_bin(int64_t distance) {
  return distance == 0 ? 0 : 1 + std::bit_width(static_cast<uint64_t>(distance - 1));
}

std::string reach_bin_name(int64_t bin) {
  if (bin < 3) return std::to_string(bin);
  const int64_t last = int64_t{1} << (bin - 1);
  return std::to_string(last / 2 + 1) + "-" + std::to_string(last);
}

std::vector<AttentionReach> measure_reach(Session& session, std::span<const Sequence> sequences) {
  Mass mass(session.graph().spec());
  session.observe([&](const AttentionTile& tile) { mass.add(tile); });
  try {
    for (const Sequence& sequence : sequences) session.encode(std::span(&sequence, 1));
  } catch (...) {
    session.observe({});
    throw;
  }
  session.observe({});
  return mass.shares();
}

}  // namespace locus
