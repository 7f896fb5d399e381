#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

#include "engine/weights.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/tools/cli/command.hpp"

namespace locus::tests {
namespace {

namespace fs = std::filesystem;

/// A checkpoint that tools/checkpoints fetched; nothing, and a printed line, where it is absent.
std::optional<std::string> checkpoint(const std::string& name) {
  const fs::path path = source_path("build/checkpoints") / name;
  if (fs::exists(path)) return path.string();
  std::printf("SKIPPED: a test needs %s, which tools/checkpoints fetches\n", name.c_str());
  return std::nullopt;
}

/// As tools/golden/sentences.py has them: every line of every file, cut after each ". ".
std::string sentences(size_t max) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(source_path("weights/text"))) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::string lines;
  size_t count = 0;
  for (const auto& file : files) {
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) {
      for (size_t begin = 0; begin < line.size();) {
        const size_t end = std::min(line.find(". ", begin), line.size());
        if (end > begin && count < max) {
          lines += line.substr(begin, end - begin) + "\n";
          ++count;
        }
        begin = end + 2;
      }
    }
  }
  REQUIRE(count == max);
  return lines;
}

double cosine(std::span<const float> a, const nlohmann::json& b) {
  double product = 0, squares_a = 0, squares_b = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const double y = b[i];
    product += a[i] * y;
    squares_a += double{a[i]} * a[i];
    squares_b += y * y;
  }
  return product / std::sqrt(squares_a * squares_b);
}

TEST_CASE("embed gives the vectors of sentence-transformers for 500 sentences") {
  const auto folder = checkpoint("all-MiniLM-L6-v2");
  if (!folder) return;
  const auto found = run({"embed", *folder, "--json"}, sentences(500)).json();
  const auto golden =
      open_safetensors(source_path("tests/goldens/embeddings/sentences.safetensors"))
          .f32("all-MiniLM-L6-v2");
  CHECK(found["dimension"] == 384);
  REQUIRE(found["embeddings"].size() == 500);
  double min = 1;
  for (int64_t i = 0; i < 500; ++i) {
    const auto& vector = found["embeddings"][static_cast<size_t>(i)];
    REQUIRE(vector.size() == 384);
    min = std::min(min, cosine(golden.view().row(i), vector));
  }
  CHECK(min > 0.99999);
}

/// How the command's output of a checkpoint differs from the reference's; empty where it does not.
std::string differences(const nlohmann::json& golden, const std::string& folder) {
  const TemporaryFolder place;
  const std::string file = (place.path() / "trace.safetensors").string();
  std::vector<std::string> arguments{"trace", folder, "--out", file, "--ids"};
  std::string ids;
  for (const int32_t id : golden["ids"]) ids += (ids.empty() ? "" : ",") + std::to_string(id);
  arguments.push_back(ids);
  for (const std::string option : golden["options"]) arguments.push_back(option);
  run(arguments);
  const Tensor value = open_safetensors(file).f32(golden["output"].get<std::string>());
  const double bound = 1e-5 * golden["most"].get<double>();
  std::string found;
  for (const auto& [name, expected] : golden["rows"].items()) {
    const auto row = value.view().row(std::stoll(name));
    for (size_t column = 0; column < expected.size(); ++column) {
      const double apart = std::abs(row[column] - expected[column].get<double>());
      if (apart > bound)
        found += name + "," + std::to_string(column) + ": " + std::to_string(apart) + "\n";
    }
  }
  for (int64_t row = 0; row < value.shape()[0]; ++row) {
    const auto values = value.view().row(row);
    const auto largest = std::ranges::max_element(values) - values.begin();
    if (largest != golden["largest"][static_cast<size_t>(row)])
      found += "row " + std::to_string(row) + "\n";
  }
  return found;
}

TEST_CASE("checkpoints as they were published give PyTorch's numbers, of every form of config") {
  std::ifstream stream(source_path("tests/goldens/checkpoints.json"));
  const auto goldens = nlohmann::json::parse(stream);
  CHECK(goldens.size() == 8);
  for (const auto& golden : goldens) {
    const auto folder = checkpoint(golden["name"]);
    if (!folder) continue;
    CAPTURE(golden["name"].get<std::string>());
    CHECK(differences(golden, *folder) == "");
  }
}

}  // namespace
}  // namespace locus::tests
