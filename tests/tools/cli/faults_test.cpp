// What a machine may do to a running command: a full disk, little memory, few files, no threads.
#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "base/json/values.hpp"
#include "tests/support/paths.hpp"
#include "tests/tools/cli/command.hpp"

namespace locus::tests {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool instrumented = true;  // needs more addresses than a limit leaves
#else
constexpr bool instrumented = false;
#endif

bool is_one_line(const std::string& text) {
  return text.starts_with("locus: ") && std::ranges::count(text, '\n') == 1 && text.ends_with('\n');
}

TEST_CASE("text for a device that is full is a failure, also of --help and --version") {
  for (const char* arguments : {"--help", "--version", "tokenize --help", "perplexity --help"}) {
    CAPTURE(arguments);
    const auto result = run_in_shell(std::string("exec $LOCUS ") + arguments + " >/dev/full");
    CHECK(result.status == 1);
    CHECK(result.err == "locus: stdout: expected room to write, found No space left on device\n");
  }
}

TEST_CASE("closed standard streams end no command otherwise than in one line") {
  const auto inspect = "exec $LOCUS inspect '" + golden_model("bert/lm") + "' ";
  CHECK(run_in_shell(inspect + "<&-").status == 0);
  const auto unheard = run_in_shell(inspect + ">&-");
  CHECK(unheard.status == 1);
  CHECK(is_one_line(unheard.err));
  CHECK(run_in_shell(inspect + "2>&-").status == 0);
  CHECK(run_in_shell(inspect + "<&- >&- 2>&-").status == 1);
}

TEST_CASE(
    "a file that may not grow leaves nothing half written, and the message names the output") {
  const TemporaryFolder folder;
  const std::string out = folder / "out";
  for (const std::string format : {"locus", "hf"}) {
    CAPTURE(format);
    const auto result =
        run_in_shell("ulimit -f 8; exec $LOCUS convert '" + golden_model("gpt2/lm") + "' '" + out +
                     "' --format " + format);
    CHECK(result.status == 1);
    CHECK(is_one_line(result.err));
    CHECK(result.err.starts_with("locus: " + out));
    CHECK(result.err.find("/.out.") == std::string::npos);
    CHECK(folder.names().empty());
  }
}

TEST_CASE("nobody else reads what is written where the user wants that") {
  const TemporaryFolder folder;
  const std::string model = model_with_tokenizer(folder, "gpt2/lm"), out = folder / "out";
  const auto result =
      run_in_shell("umask 077; exec $LOCUS convert '" + model + "' '" + out + "' --format hf");
  CAPTURE(result.err);
  CHECK(result.status == 0);
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(out)) {
    CAPTURE(entry.path().string());
    const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
    CHECK((entry.status().permissions() & others) == std::filesystem::perms::none);
    ++files;
  }
  CHECK(files > 3);
}

TEST_CASE("few files leave nothing half written") {
  const TemporaryFolder folder;
  const std::string out = folder / "out";
  const std::string names = "MODEL='" + golden_model("gpt2/lm") + "'; OUT='" + out + "'; ";
  for (const int files : {3, 4, 5, 6}) {
    for (const char* arguments :
         {"probe $MODEL --lengths 64 --trials 1 --out $OUT", "convert $MODEL $OUT --format hf"}) {
      CAPTURE(arguments);
      const auto result =
          run_in_shell(names + "ulimit -n " + std::to_string(files) + "; exec $LOCUS " + arguments);
      CHECK(result.status != 0);
      CHECK(folder.names().empty());
    }
  }
}

TEST_CASE("little memory is one line, also while JSON is read and a command line is made") {
  if (instrumented) return;
  const TemporaryFolder folder;
  const std::string model = model_with_tokenizer(folder, "gpt2/lm");
  std::string vocabulary = "{\"a\":[";
  for (int i = 0; i < 400'000; ++i) vocabulary += "[" + std::to_string(i) + "],";
  const std::string lines = folder.write("lines.jsonl", vocabulary + "[0]],\"text\":\"a\"}\n");
  for (int megabytes = 60; megabytes <= 140; megabytes += 2) {
    CAPTURE(megabytes);
    const auto result = run_in_shell("ulimit -v " + std::to_string(megabytes * 1024) +
                                     "; exec $LOCUS perplexity '" + model +
                                     "' --field text --text '" + lines + "'");
    const bool not_loaded = result.status == 127;  // the libraries themselves have no room
    CAPTURE(result.err);
    CHECK((result.status == 0 || not_loaded || (result.status == 1 && is_one_line(result.err))));
  }
}

TEST_CASE("little memory is one line, whatever the limit") {
  if (instrumented) return;
  for (int megabytes = 40; megabytes <= 400; megabytes += 24) {
    CAPTURE(megabytes);
    const auto result = run_in_shell("ulimit -v " + std::to_string(megabytes * 1024) +
                                     "; exec $LOCUS inspect '" + golden_model("gpt2/lm") + "'");
    const bool not_loaded = result.status == 127;  // the libraries themselves have no room
    CHECK((result.status == 0 || not_loaded || (result.status == 1 && is_one_line(result.err))));
  }
}

TEST_CASE("a machine that starts no thread is one line") {
  if (instrumented) return;
  const auto result = run_in_shell("ulimit -s 4000000; ulimit -v 1000000; exec $LOCUS inspect '" +
                                   golden_model("gpt2/lm") + "'");
  CHECK(result.status == 1);
  CHECK(is_one_line(result.err));
}

TEST_CASE("few open files are one line") {
  if (instrumented) return;  // the sanitizers' own files need some
  for (int files = 3; files <= 12; ++files) {
    CAPTURE(files);
    const auto result = run_in_shell("ulimit -n " + std::to_string(files) +
                                     "; exec $LOCUS inspect '" + golden_model("gpt2/lm") + "'");
    const bool not_loaded = result.status == 127;
    CHECK((result.status == 0 || not_loaded || (result.status == 1 && is_one_line(result.err))));
  }
}

/// Kills a command while it writes; afterwards nothing stands where its output belongs, or all.
void kill_while_writing(const std::vector<std::string>& arguments, const std::filesystem::path& out,
                        int milliseconds) {
  RunningCommand command(arguments, "", true);
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
  command.signal(SIGKILL);
  const int status = command.finish().status;
  CHECK((status == 0 || status == 128 + SIGKILL));
  if (std::filesystem::exists(out)) CHECK(std::filesystem::exists(out / "locus.json"));
}

TEST_CASE("a conversion that is killed leaves no output, and the next one works") {
  const TemporaryFolder folder;
  const std::filesystem::path out = folder / "out";
  const std::vector<std::string> arguments{"convert", golden_model("gpt2/lm"), out};
  for (const int milliseconds : {5, 15, 25, 35, 50}) {
    kill_while_writing(arguments, out, milliseconds);
    std::filesystem::remove_all(out);
  }
  CHECK(run(arguments).status == 0);
  CHECK(run({"inspect", out}).status == 0);
}

TEST_CASE("a comparison that is killed leaves its whole figures, or none") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "gpt2/lm");
  std::string text;
  for (int i = 0; i < 200; ++i) text += "the cat and the hat of it . \n\n";
  const std::string file = folder.write("text.txt", text);
  const std::filesystem::path out = folder / "figures.json";
  const std::vector<std::string> arguments{"compare",   model, model,   "--text", file,
                                           "--lengths", "16",  "--out", out};
  for (const int milliseconds : {5, 60, 150, 300, 500}) {
    RunningCommand command(arguments, "", true);
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    command.signal(SIGKILL);
    command.finish();
    if (std::filesystem::exists(out)) CHECK(nlohmann::json::accept(read_text(out)));
    std::filesystem::remove(out);
  }
  CHECK(run(arguments).status == 0);
  CHECK(nlohmann::json::accept(read_text(out)));
}

using Change = std::function<void(const std::filesystem::path&)>;

/// What a command says that is interrupted some time after `change` was done to its model's file.
CommandResult run_changed(const Change& change, std::chrono::milliseconds opening) {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "gpt2/lm");
  RunningCommand command({"bench", model, "--lengths", "80", "--repeat", "1000000"}, "", true);
  std::this_thread::sleep_for(opening);
  change(std::filesystem::path(model) / "model.safetensors");
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  command.signal(SIGINT);
  return command.finish();
}

/// Runs `change` on a model's file while a command uses it; the command goes on. On a busy machine
/// it may not have opened the file in time, and is given more.
void change_under_command(const Change& change) {
  CommandResult result;
  for (int opening = 400; opening <= 6400 && result.status != 130; opening *= 2) {
    result = run_changed(change, std::chrono::milliseconds(opening));
  }
  CHECK(result.status == 130);
  CHECK(result.err.empty());
}

TEST_CASE("a model's file that is cut under a running command does not end it") {
  change_under_command(
      [](const std::filesystem::path& file) { std::filesystem::resize_file(file, 0); });
}

TEST_CASE("a model's file that becomes unreadable, or another one, ends no running command") {
  change_under_command([](const std::filesystem::path& file) {
    std::filesystem::permissions(file, std::filesystem::perms::none);
  });
  change_under_command([](const std::filesystem::path& file) {
    std::ofstream(file.string() + ".new") << "another file";
    std::filesystem::rename(file.string() + ".new", file);
  });
}

TEST_CASE("a pipe is read once and scored as a file is") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "gpt2/lm");
  const std::filesystem::path pipe = folder / "pipe";
  const auto script = "mkfifo '" + pipe.string() + "'; (yes 'the cat and' | head -n 2000 > '" +
                      pipe.string() + "') & exec $LOCUS perplexity '" + model + "' --text '" +
                      pipe.string() + "' --json";
  const auto piped = run_in_shell(script);
  CHECK(piped.status == 0);
  CHECK(piped.json()["settings"]["text"][0]["bytes"] == 24000);
}

}  // namespace
}  // namespace locus::tests
