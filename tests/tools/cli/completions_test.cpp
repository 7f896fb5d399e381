// What shells complete: every verb and every option, in a file that the shell can read.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "base/read_file.hpp"
#include "tests/tools/cli/command.hpp"
#include "tools/cli/arguments/command_line.hpp"
#include "tools/cli/install/description.hpp"

namespace locus::tests {
namespace {

/// The part of a completion that is about a verb: the lines that begin with its case, or name it.
std::string part_of(const std::string& shell, const std::string& text, const std::string& verb) {
  if (shell == "fish") {
    std::string part;
    const std::string head = "__fish_seen_subcommand_from " + verb + "'";
    for (size_t at = text.find(head); at != text.npos; at = text.find(head, at + 1)) {
      part += text.substr(at, text.find('\n', at) - at) + "\n";
    }
    return part;
  }
  const size_t begin = text.find("\n    " + verb + ") ");
  return begin == text.npos ? "" : text.substr(begin, text.find(";;", begin) - begin);
}

bool has_shell(const std::string& shell) {
  return std::system(("command -v " + shell + " > /dev/null").c_str()) == 0;
}

TEST_CASE("completions of every shell name every verb and every option") {
  const TemporaryFolder folder;
  const auto verbs = cli::describe(cli::make_command_line());
  for (const std::string shell : {"bash", "fish", "zsh"}) {
    CAPTURE(shell);
    const auto result = run({"completions", shell});
    REQUIRE(result.status == 0);
    for (const cli::VerbDescription& verb : verbs) {
      CAPTURE(verb.name);
      const std::string part = part_of(shell, result.out, verb.name);
      for (const cli::OptionDescription& option : verb.options) {
        const std::string name =
            shell == "fish" ? "-l " + option.name.substr(2) + " " : option.name;
        CHECK_MESSAGE(part.find(name) != part.npos, option.name);
      }
    }
    if (!has_shell(shell)) {
      MESSAGE("SKIPPED: " << shell << " is not installed");
      continue;
    }
    folder.write(shell, result.out);
    CHECK(std::system((shell + " -n '" + (folder / shell).string() + "'").c_str()) == 0);
  }
}

/// What bash offers for the last of some words, as it divides them.
std::string offered_by_bash(const TemporaryFolder& folder, const std::string& words) {
  folder.write("ask", "source " + (folder / "bash").string() + "\nCOMP_WORDS=(" + words +
                          ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_locus\n"
                          "echo -n \"${COMPREPLY[*]}\" > " +
                          (folder / "offered").string() + "\n");
  REQUIRE(std::system(("bash '" + (folder / "ask").string() + "' 2>/dev/null").c_str()) == 0);
  return read_file((folder / "offered").string());
}

TEST_CASE(
    "bash completes values, also behind the colons and equal signs at which it divides words") {
  const TemporaryFolder folder;
  folder.write("bash", run({"completions", "bash"}).out);
  CHECK(offered_by_bash(folder, "locus ablate m --precision ''") == "f32 bf16 int8");
  CHECK(offered_by_bash(folder, "locus ablate m --precision = b") == "bf16");
  CHECK(offered_by_bash(folder, "locus ablate m --precision =") == "f32 bf16 int8");
  CHECK(offered_by_bash(folder, "locus ablate m --change re") == "remove");
  CHECK(offered_by_bash(folder, "locus ablate m --change sw").starts_with("swap:"));
  CHECK(offered_by_bash(folder, "locus ablate m --change shift :") == "1 7 64 1000");
  CHECK(offered_by_bash(folder, "locus ablate m --change shift : 6") == "64");
  CHECK(offered_by_bash(folder, "locus ablate m --change swap : ali") == "alibi");
  CHECK(offered_by_bash(folder, "locus ablate m --change = swap : ali") == "alibi");
  CHECK(offered_by_bash(folder, "locus ablate m --layer") == "--layers");
}

TEST_CASE("what is offered need not be chosen") {
  const cli::CommandLine line = cli::make_command_line();
  const auto& changes = line.choices.at("ablate").at("--change");
  CHECK(std::ranges::find(changes, "swap:rope") != changes.end());
  CHECK(run({"ablate", "no-such-model", "--change", "shift:3"}).status == 1);
  CHECK(run({"ablate", "no-such-model", "--change", "shift"}).status == 2);
}

TEST_CASE("completions of another shell are wrong usage") {
  const auto result = run({"completions", "tcsh"});
  CHECK(result.status == 2);
  CHECK(result.out.empty());
  CHECK(result.err.starts_with(
      "locus completions: SHELL: expected bash, fish or zsh, found 'tcsh'\n"));
  CHECK(run({"completions"}).status == 2);
}

}  // namespace
}  // namespace locus::tests
