// Every value of a config at its extremes, for a model of every type: a working model or one line.
#include <doctest/doctest.h>

#include <ctime>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "engine/session.hpp"
#include "models/model.hpp"
#include "tests/support/extremes.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::tests {
namespace {

namespace fs = std::filesystem;

/// The first golden model of each type, whose own weights go with its config.
std::vector<fs::path> one_of_each_type() {
  std::vector<fs::path> folders, chosen;
  for (const auto& entry : fs::directory_iterator(fs::path(golden_model("")))) {
    if (fs::exists(entry.path() / "config.json")) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  std::set<std::string> types;
  for (const fs::path& folder : folders) {
    const auto config = nlohmann::json::parse(read_text(folder / "config.json"));
    if (types.insert(config.value("model_type", "")).second) chosen.push_back(folder);
  }
  return chosen;
}

void run(const Model& model) {
  if (model.graph()->input().kind != GraphInput::Kind::ids) return;
  Session session(model.graph(), {.threads = 1});
  const std::vector<int32_t> ids{1, 2, 3, 2, 1};
  session.encode(std::vector<Sequence>{{.ids = ids}});
}

/// What is wrong with how a config is taken; nothing, where it is.
std::string fault_of(const fs::path& folder) {
  const std::clock_t begin = std::clock();
  try {
    run(*Model::open(folder));
  } catch (const Error& error) {
    const std::string message = error.what();
    if (message.empty() || printable(message) != message) return "not one line: " + message;
  } catch (const std::exception& error) {
    return std::string("another exception: ") + error.what();
  }
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  return seconds > 20 ? std::to_string(seconds) + " seconds" : "";
}

}  // namespace

TEST_CASE("every value of a config at its extremes: a working model or one line, for every type") {
  const TemporaryFolder copies;
  const auto chosen = one_of_each_type();
  CHECK(chosen.size() >= 30);
  for (const fs::path& folder : chosen) {
    const std::string name = folder.filename().string();
    copies.write(name + "/model.safetensors", read_text(folder / "model.safetensors"));
    each_json_value(read_text(folder / "config.json"),
                    [&](const std::string& document, const std::string& what) {
                      copies.write(name + "/config.json", document);
                      const std::string fault = fault_of(copies / name);
                      CAPTURE(name);
                      CAPTURE(what);
                      CHECK(fault == "");
                    });
  }
}

}  // namespace locus::tests
