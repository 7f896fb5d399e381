#include "engine/options.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "engine/ops/simd/dispatch.hpp"

namespace locus {
namespace {

// Chosen by the tests below in processes of their own: the choice is made once per process.
TEST_CASE("report instruction sets" * doctest::skip()) {
  std::printf("<<oneDNN %s, loops %s>>", instruction_set().c_str(), ops::vector_target().c_str());
}

TEST_CASE("report a late limit" * doctest::skip()) {
  ops::vector_target();
  CHECK_THROWS_WITH_AS(limit_instruction_set(InstructionSet::sse4),
                       "instruction set: expected a limit before the first use, found one after it",
                       Error);
  std::printf("<<refused>>");
}

TEST_CASE("report a limit" * doctest::skip()) {
  limit_instruction_set(InstructionSet::avx2);
  std::printf("<<oneDNN %s, loops %s>>", instruction_set().c_str(), ops::vector_target().c_str());
}

// What one of the test cases above prints between << and >>, or its error.
std::string report(const std::string& level, const std::string& test_case) {
  std::array<char, 4096> self{};
  REQUIRE(readlink("/proc/self/exe", self.data(), self.size() - 1) > 0);
  const std::string command = "LOCUS_INSTRUCTION_SET=" + level + " '" + self.data() +
                              "' --no-skip --test-case='" + test_case + "' 2>&1";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  REQUIRE(pipe);
  std::string output;
  std::array<char, 512> piece;
  while (fgets(piece.data(), piece.size(), pipe.get())) output += piece.data();
  const size_t begin = output.find("<<");
  const size_t end = output.find(">>", begin);
  return end == std::string::npos ? output : output.substr(begin + 2, end - begin - 2);
}

TEST_CASE("one switch lowers oneDNN and our own loops together") {
  const std::string best = report("best", "report instruction sets");
  CHECK(report("", "report instruction sets") == best);
  CHECK(report("sse4", "report instruction sets") == "oneDNN sse4, loops SSE4");
  const bool avx2 = best.find("sse4") == std::string::npos;
  if (avx2) CHECK(report("avx2", "report instruction sets") == "oneDNN avx2, loops AVX2");
  const bool avx512 = best.find("loops AVX3") != std::string::npos;
  if (avx512) CHECK(report("avx512", "report instruction sets") == "oneDNN avx512, loops AVX3");
  MESSAGE("this CPU: " << best);
}

TEST_CASE("a program can set the limit itself, and wins over the environment") {
  const std::string best = report("best", "report instruction sets");
  if (best.find("sse4") == std::string::npos) {
    CHECK(report("sse4", "report a limit") == "oneDNN avx2, loops AVX2");
  }
}

TEST_CASE("a limit after the first use is refused") {
  CHECK(report("best", "report a late limit") == "refused");
}

TEST_CASE("an unknown instruction set is refused by name") {
  CHECK_THROWS_WITH_AS(parse_instruction_set("avx9"),
                       "instruction set: expected sse4, avx2, avx512 or best, found avx9", Error);
  const std::string expected =
      "LOCUS_INSTRUCTION_SET: expected sse4, avx2, avx512 or best, found avx9";
  CHECK(report("avx9", "report instruction sets").find(expected) != std::string::npos);
  CHECK(parse_instruction_set("avx512") == InstructionSet::avx512);
}

}  // namespace
}  // namespace locus
