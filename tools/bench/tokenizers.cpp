// How fast a tokenizer is: locus_tokenizer_speed FOLDER TEXT_FILE [REPEATS]
// Prints megabytes (10^6 bytes) per second of processor time, which a busy machine disturbs little:
// of ids, of ids with offsets, and of ids line by line. `tokenizers_reference.py` measures the
// reference.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "tokenizer/tokenizer.hpp"

namespace {

double seconds_of(const std::function<void()>& work) {
  const std::clock_t begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

// The best of several runs: what disturbs a run only makes it slower.
void report(const char* what, std::size_t bytes, int repeats, const std::function<void()>& work) {
  double best = seconds_of(work);
  for (int i = 1; i < repeats; ++i) best = std::min(best, seconds_of(work));
  std::printf("%-22s %8.1f MB/s\n", what, static_cast<double>(bytes) / best / 1e6);
}

std::string read(const char* path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream content;
  content << stream.rdbuf();
  return std::move(content).str();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

int run(const char* folder, const char* file, int repeats) {
  std::shared_ptr<const locus::Tokenizer> tokenizer;
  const double load = seconds_of([&] { tokenizer = locus::Tokenizer::open(folder); });
  const std::string text = read(file);
  const std::vector<std::string> lines = lines_of(text);
  std::size_t tokens = 0;
  std::printf("%s, opened in %.0f ms, %zu bytes of text\n", tokenizer->description().c_str(),
              load * 1e3, text.size());
  report("ids", text.size(), repeats, [&] { tokens = tokenizer->encode_ids(text).size(); });
  report("ids and offsets", text.size(), repeats,
         [&] { tokens = tokenizer->encode(text).ids.size(); });
  report("ids, line by line", text.size(), repeats, [&] {
    tokens = 0;
    for (const std::string& line : lines) tokens += tokenizer->encode_ids(line).size();
  });
  std::printf("%zu tokens\n", tokens);
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "usage: locus_tokenizer_speed FOLDER TEXT_FILE [REPEATS]\n");
    return 2;
  }
  try {
    return run(arguments[1], arguments[2], count > 3 ? std::max(1, std::atoi(arguments[3])) : 5);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "locus_tokenizer_speed: %s\n", error.what());
    return 1;
  }
}
