// What the tests of `locus-claims` share.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "tests/support/paths.hpp"
#include "tests/tools/cli/command.hpp"

namespace locus::tests::claims {

/// LOCUS_MODELS while this lives.
class WithModels {
 public:
  explicit WithModels(const std::filesystem::path& folder) {
    setenv("LOCUS_MODELS", folder.c_str(), 1);
  }
  ~WithModels() { unsetenv("LOCUS_MODELS"); }
};

inline const std::string short_text = source_path("weights/text/the_interpreter.txt").string();
inline const std::string long_text = source_path("weights/text/tide_gauge_manual.txt").string();

inline const nlohmann::json& claim(const nlohmann::json& result, const std::string& name) {
  for (const auto& each : result["claims"]) {
    if (each["name"] == name) return each;
  }
  FAIL("no claim ", name);
  return result;
}

inline double figure(const nlohmann::json& result, const std::string& name, size_t index) {
  return claim(result, name)["figures"].at(index)["value"];
}

inline std::string speaks(const nlohmann::json& result, const std::string& name, size_t index) {
  return claim(result, name)["figures"].at(index)["speaks"];
}

inline std::string verdict(const nlohmann::json& result, const std::string& name) {
  return claim(result, name)["verdict"];
}

/// Another name for a model, with a training block beside its files.
void link_trained(const std::filesystem::path& model, const std::filesystem::path& as,
                  double rate = 0.003);

/// All claims of the shipped models on one long text.
struct Measured {
  nlohmann::json result;
  std::string markdown, page;

  Measured();
};
/// Measured once for all tests: the commands are slow.
const Measured& measured();

}  // namespace locus::tests::claims
