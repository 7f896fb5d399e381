// Runs targets on stored inputs: `locus_fuzz_replay CORPUS [TARGET...]`, whose folders have the
// targets' names; with `--extremes` in front on each of them with one value at an extreme, within
// bounds of time and memory.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <exception>
#include <functional>
#include <string>
#include <vector>

#include "tests/fuzz/target.hpp"
#include "tests/support/extremes.hpp"

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) paths.push_back(entry.path());
  std::ranges::sort(paths);
  return paths;
}

constexpr bool sanitized =
#if defined(__SANITIZE_ADDRESS__)
    true;
#else
    false;
#endif
constexpr double max_seconds = sanitized ? 60 : 10;
constexpr long max_kilobytes = 3 << 20;

/// What is wrong with how a target takes an input: nothing, if it answers.
std::string fault_of(const locus::fuzz::Target& target, std::string_view input) {
  const std::clock_t begin = std::clock();  // of the processor: others may work beside
  try {
    locus::fuzz::run_target(target, input);
  } catch (const std::exception& error) {
    return error.what();
  }
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  if (seconds > max_seconds) return std::to_string(seconds) + " seconds";
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  if (usage.ru_maxrss > max_kilobytes) return std::to_string(usage.ru_maxrss >> 10) + " MiB";
  return "";
}

using Visit = std::function<void(const locus::fuzz::Target& target, const fs::path& file)>;

void each_file(const fs::path& corpus, const std::vector<std::string>& chosen, const Visit& visit) {
  for (const fs::path& folder : entries(corpus)) {
    const std::string name = folder.filename().string();
    if (!chosen.empty() && std::ranges::count(chosen, name) == 0) continue;
    for (const fs::path& file : entries(folder)) visit(locus::fuzz::find_target(name), file);
  }
}

struct Result {
  int inputs = 0, faults = 0;
  void add(const fs::path& file, const std::string& what, const std::string& fault) {
    ++inputs;
    if (fault.empty()) return;
    ++faults;
    std::fprintf(stderr, "%s%s: %s\n", file.c_str(), what.c_str(), fault.c_str());
  }
};

int replay(const fs::path& corpus, const std::vector<std::string>& chosen, bool extremes) {
  Result result;
  each_file(corpus, chosen, [&](const auto& target, const fs::path& file) {
    const std::string input = locus::tests::read_text(file);
    if (!extremes) return result.add(file, "", fault_of(target, input));
    locus::tests::each_extreme(input, [&](const std::string& changed, const std::string& what) {
      result.add(file, ", " + what, fault_of(target, changed));
    });
  });
  std::printf("%d inputs, %d faults\n", result.inputs, result.faults);
  return result.inputs > 0 && result.faults == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  std::vector<std::string> words(arguments + 1, arguments + count);
  const bool extremes = !words.empty() && words.front() == "--extremes";
  if (extremes) words.erase(words.begin());
  if (words.empty()) return 2;
  return replay(words.front(), {words.begin() + 1, words.end()}, extremes);
}
