// Runs targets on stored inputs: `locus_fuzz_replay CORPUS`, whose folders have the targets' names.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <vector>

#include "tests/fuzz/target.hpp"

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) paths.push_back(entry.path());
  std::ranges::sort(paths);
  return paths;
}

int replay(const fs::path& corpus) {
  int inputs = 0;
  for (const fs::path& folder : entries(corpus)) {
    const auto& target = locus::fuzz::find_target(folder.filename().string());
    for (const fs::path& file : entries(folder)) {
      try {
        locus::fuzz::run_target(target, locus::tests::read_text(file));
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s: %s\n", file.c_str(), error.what());
        return 1;
      }
      ++inputs;
    }
  }
  std::printf("%d inputs\n", inputs);
  return inputs > 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) { return count == 2 ? replay(arguments[1]) : 2; }
