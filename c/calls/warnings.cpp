// What may make a worker's results other than they were meant.
#include <map>

#include "c/calls/handles.hpp"
#include "engine/options.hpp"

namespace {

using namespace locus;
using namespace locus::c;

using Lines = std::vector<std::string>;

void add_of_opening(Lines& lines, const Model& model) {
  const Graph& graph = *model.graph();
  const Precision wanted = graph.options().precision, used = used_precision(model);
  if (graph.untrained()) {
    lines.emplace_back("the encoding starts untrained: its weights are a seeded initial state");
  }
  if (used != wanted) {
    lines.push_back("this CPU has no instructions for " + std::string(to_string(wanted)) +
                    ": computing in " + std::string(to_string(used)));
  }
}

void add_unread(Lines& lines, const std::vector<UnreadKey>& keys) {
  std::map<std::string, std::string> by_file;
  for (const auto& [file, key] : keys) {
    std::string& names = by_file[file];
    names += (names.empty() ? "'" : ", '") + key + "'";
  }
  for (const auto& [file, names] : by_file) {
    lines.push_back(printable(file + ": no use is made of " + names));
  }
}

Lines warnings_of(const Pipeline& pipeline) {
  Lines lines;
  add_of_opening(lines, pipeline.model());
  add_unread(lines, pipeline.unread_keys());
  if (const auto longer = pipeline.length_warning()) lines.push_back(*longer);
  return lines;
}

}  // namespace

locus_status locus_worker_warnings(locus_worker* worker, locus_warnings** result,
                                   locus_error** error) {
  return answer(result, error, [&](locus_warnings& warnings, Storage& storage) {
    const Turn turn(worker);
    Lines lines = warnings_of(turn.pipeline());
    warnings.count = lines.size();
    warnings.texts = storage.keep(std::move(lines));
  });
}
