#include <map>

#include "tools/cli/arguments/command_line.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/install/description.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

using Writer = std::string (*)(const std::vector<VerbDescription>&);

const std::map<std::string, Writer>& writers() {
  static const std::map<std::string, Writer> table{
      {"bash", bash_completion}, {"fish", fish_completion}, {"zsh", zsh_completion}};
  return table;
}

}  // namespace

Action add_completions(Arguments& arguments) {
  const auto shell = std::make_shared<std::string>();
  arguments.required("SHELL", *shell, "bash, fish or zsh");
  arguments.example("locus completions bash");
  return [shell] {
    const auto writer = writers().find(*shell);
    if (writer == writers().end()) {
      throw UsageError("SHELL: expected bash, fish or zsh, found '" + *shell + "'");
    }
    print(writer->second(describe(make_command_line())));
  };
}

}  // namespace locus::cli
