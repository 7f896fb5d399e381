#include "tools/cli/verbs/bench/profile.hpp"

#include <algorithm>
#include <numeric>

#include "tools/cli/terminal/table.hpp"
#include "tools/cli/terminal/terminal.hpp"

namespace locus::cli {
namespace {

constexpr size_t slowest = 8;

ProfileRow sum_of(std::string name, const std::vector<ProfileRow>& rows) {
  ProfileRow sum{std::move(name), "", 0};
  for (const auto& row : rows) {
    sum.nodes += row.nodes;
    sum.seconds += row.seconds;
    sum.operations += row.operations;
    sum.bytes += row.bytes;
  }
  return sum;
}

void sort_by_time(std::vector<ProfileRow>& rows) {
  std::ranges::stable_sort(rows, std::ranges::greater{}, &ProfileRow::seconds);
}

std::vector<ProfileRow> by_kind(const std::vector<ProfileRow>& nodes) {
  std::map<std::string, std::vector<ProfileRow>> kinds;
  for (const auto& node : nodes) kinds[node.kind].push_back(node);
  std::vector<ProfileRow> rows;
  for (const auto& [kind, members] : kinds) rows.push_back(sum_of(kind, members));
  sort_by_time(rows);
  return rows;
}

std::string percent(double share) { return fixed(100 * share, 1); }

std::string binding(const ProfileRow& row, const Peaks& peaks) {
  return row.bound_by_memory(peaks) ? "memory" : "arithmetic";
}

void add_row(Table& table, const ProfileRow& row, double total, const Peaks& peaks) {
  table.add({row.name, std::to_string(row.nodes), fixed(1000 * row.seconds, 2),
             percent(row.seconds / total), fixed(row.operations / 1e9, 2),
             fixed(row.operations / row.seconds / 1e9, 1), fixed(row.bytes / 1e6, 1),
             fixed(row.bytes / row.seconds / 1e9, 1), percent(row.min_seconds(peaks) / row.seconds),
             binding(row, peaks)});
}

std::string table_of(const std::string& title, const std::vector<ProfileRow>& rows, double total,
                     const Peaks& peaks, int width) {
  const auto right = [](std::string name) {
    return Table::Column{std::move(name), Table::Align::right};
  };
  Table table({{title},
               right("nodes"),
               right("ms"),
               right("% of time"),
               right("GFLOP"),
               right("GFLOPS"),
               right("MB"),
               right("GB/s"),
               right("% of peak"),
               {"which binds"}});
  for (const auto& row : rows) add_row(table, row, total, peaks);
  return table.text(width);
}

}  // namespace

double ProfileRow::min_seconds(const Peaks& peaks) const {
  return std::max(operations / peaks.operations, bytes / peaks.bytes);
}

bool ProfileRow::bound_by_memory(const Peaks& peaks) const {
  return bytes / peaks.bytes > operations / peaks.operations;
}

void Profile::add(const NodeTime& time) {
  const auto found = seconds_.find(time.node);
  found == seconds_.end() ? void(seconds_.emplace(time.node, time.seconds))
                          : void(found->second += time.seconds);
}

std::vector<ProfileRow> Profile::nodes(const std::vector<NodeWork>& work) const {
  std::vector<ProfileRow> rows;
  for (const auto& node : work) {
    const auto found = seconds_.find(node.node);
    if (found == seconds_.end()) continue;
    rows.push_back({node.node, node.kind, 1, found->second / static_cast<double>(runs_),
                    node.operations, node.bytes});
  }
  return rows;
}

Json to_json(const std::vector<ProfileRow>& nodes, const Peaks& peaks) {
  Json list = Json::array();
  for (const auto& row : nodes) {
    list.push_back({{"node", row.name},
                    {"kind", row.kind},
                    {"ms", 1000 * row.seconds},
                    {"operations", row.operations},
                    {"bytes", row.bytes},
                    {"share_of_peak", row.min_seconds(peaks) / row.seconds},
                    {"bound_by", binding(row, peaks)}});
  }
  return {{"nodes", std::move(list)},
          {"peak_gflops", peaks.operations / 1e9},
          {"peak_gigabytes_per_second", peaks.bytes / 1e9}};
}

std::string to_text(const std::vector<ProfileRow>& nodes, const Peaks& peaks, int width) {
  const ProfileRow whole = sum_of("", nodes);
  auto slow = nodes;
  sort_by_time(slow);
  slow.resize(std::min(slow.size(), slowest));
  double bound = 0;
  for (const auto& row : nodes) bound += row.min_seconds(peaks);
  return table_of("kind", by_kind(nodes), whole.seconds, peaks, width) + "\n" +
         table_of("slowest nodes", slow, whole.seconds, peaks, width) +
         "\nroofline: " + fixed(whole.operations / 1e9, 2) + " GFLOP and " +
         fixed(whole.bytes / 1e6, 1) + " MB in " + fixed(1000 * whole.seconds, 2) +
         " ms;\n          at the measured peaks, " + fixed(peaks.operations / 1e9, 1) +
         " GFLOPS and " + fixed(peaks.bytes / 1e9, 1) + " GB/s, " + fixed(1000 * bound, 2) +
         " ms: " + percent(bound / whole.seconds) + " %\n";
}

}  // namespace locus::cli
