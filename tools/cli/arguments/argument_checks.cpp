#include "tools/cli/arguments/argument_checks.hpp"

#include <algorithm>

#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/output/destinations.hpp"
#include "tools/cli/terminal/terminal.hpp"

namespace locus::cli {
namespace {

bool given(const CLI::App& app, const std::string& name) {
  return app.get_option(name)->count() > 0;
}

void check(const CLI::App& app, const Relation& relation) {
  const auto is_given = [&](const std::string& name) { return given(app, name); };
  if (!is_given(relation.option)) return;
  const auto other = std::ranges::find_if(relation.others, is_given);
  const bool beside = other != relation.others.end();
  switch (relation.kind) {
    case Relation::Kind::needs:
      if (!beside) {
        throw UsageError(relation.option + " needs " + alternatives(relation.others));
      }
      return;
    case Relation::Kind::excludes:
      if (beside) throw UsageError(relation.option + " does not work with " + *other);
      return;
    case Relation::Kind::idle:
      if (relation.others.empty()) {
        warn(relation.option + " has no effect on '" + app.get_name() + "'");
      } else if (beside) {
        warn(relation.option + " has no effect beside " + *other);
      }
      return;
  }
}

void add_paths(const PathArgument& argument, std::vector<GivenPath>& paths) {
  const auto add = [&](const std::string& text) {
    if (!text.empty()) paths.push_back({argument.name, text, argument.use});
  };
  if (const auto* text = std::get_if<std::string*>(&argument.value)) add(**text);
  if (const auto* texts = std::get_if<std::vector<std::string>*>(&argument.value)) {
    std::ranges::for_each(**texts, add);
  }
}

}  // namespace

void check_arguments(const CLI::App& app, const ArgumentRules& rules) {
  for (const Relation& relation : rules.relations) check(app, relation);
  std::vector<GivenPath> paths;
  for (const PathArgument& argument : rules.paths) add_paths(argument, paths);
  check_destinations(paths);
}

}  // namespace locus::cli
