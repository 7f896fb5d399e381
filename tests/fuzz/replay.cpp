// Runs targets on stored inputs: `locus_fuzz_replay CORPUS [TARGET...]`, whose folders have the
// targets' names; with `--extremes` in front on each of them with one value at an extreme, within
// bounds of time and memory; with `--memory` while memory runs out, at every stage of the work.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <exception>
#include <functional>
#include <new>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "tests/fuzz/little_memory.hpp"
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

/// What a target says of an input: nothing, or the text of its Error.
std::string answer_of(const locus::fuzz::Target& target, std::string_view input) {
  try {
    target.run(input);
    return "";
  } catch (const locus::Error& error) {
    return error.what();
  }
}

std::string running;  // what a death is reported with

[[noreturn]] void report_death() {
  std::fprintf(stderr, "%s: std::terminate\n", running.c_str());
  std::_Exit(1);
}

int64_t allocations_of(const locus::fuzz::Target& target, std::string_view input) {
  const locus::fuzz::LittleMemory memory(int64_t{1} << 40, locus::fuzz::Shortage::once);
  answer_of(target, input);
  return memory.used();
}

/// What is wrong with how a target takes a lack of memory.
std::string fault_of(const locus::fuzz::Target& target, std::string_view input, int64_t allocations,
                     locus::fuzz::Shortage shortage) {
  const locus::fuzz::LittleMemory memory(allocations, shortage);
  try {
    target.run(input);
  } catch (const locus::Error&) {
  } catch (const std::bad_alloc&) {
  } catch (const std::exception& error) {
    return error.what();
  }
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
  int report() const {
    std::printf("%d inputs, %d faults\n", inputs, faults);
    return inputs > 0 && faults == 0 ? 0 : 1;
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
  return result.report();
}

/// Lets memory run out at up to `moments` places of each input's work.
int run_short(const fs::path& corpus, const std::vector<std::string>& chosen) {
  using locus::fuzz::Shortage;
  constexpr int64_t moments = 300;
  std::set_terminate(report_death);
  Result result;
  each_file(corpus, chosen, [&](const auto& target, const fs::path& file) {
    const std::string input = locus::tests::read_text(file);
    const std::string answer = answer_of(target, input);  // what is made once is there now
    const int64_t all = allocations_of(target, input);
    for (int64_t i = 0; i < std::min(all, moments); ++i) {
      const int64_t place = all <= moments ? i : i * all / moments;
      for (const Shortage shortage : {Shortage::once, Shortage::lasting}) {
        const std::string what = ", allocation " + std::to_string(place) +
                                 (shortage == Shortage::once ? " fails" : " and all after it fail");
        running = file.string() + what;
        result.add(file, what, fault_of(target, input, place, shortage));
      }
    }
    result.add(file, ", after memory was short",
               answer_of(target, input) == answer ? "" : "another answer than before");
  });
  return result.report();
}

}  // namespace

int main(int count, char** arguments) {
  std::vector<std::string> words(arguments + 1, arguments + count);
  std::string mode;
  if (!words.empty() && words.front().starts_with("--")) {
    mode = words.front();
    words.erase(words.begin());
  }
  if (words.empty()) return 2;
  const std::vector<std::string> chosen(words.begin() + 1, words.end());
  if (mode == "--memory") return run_short(words.front(), chosen);
  return replay(words.front(), chosen, mode == "--extremes");
}
