// Every value of a config at its extremes, and every weight of another size, for a model of every
// type: a working model or one line.
#include <doctest/doctest.h>

#include <ctime>
#include <functional>
#include <set>

#include "base/error.hpp"
#include "base/json/values.hpp"
#include "engine/session.hpp"
#include "models/checkpoint.hpp"
#include "models/model.hpp"
#include "tests/support/extremes.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::tests {
namespace {

namespace fs = std::filesystem;

/// The first golden model of each type, whose own weights go with its config.
std::vector<fs::path> one_of_each_type() {
  std::vector<fs::path> folders, chosen;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(golden_model("")))) {
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

void run(const std::shared_ptr<const Graph>& graph) {
  if (graph->input().kind != GraphInput::Kind::ids) return;
  Session session(graph, {.threads = 1});
  const std::vector<int32_t> ids{1, 2, 3, 2, 1};
  session.encode(std::vector<Sequence>{{.ids = ids}});
}

/// What is wrong with how a model is opened and run; nothing, where it is or an Error says why.
std::string fault_of(const std::function<std::shared_ptr<const Graph>()>& open) {
  const std::clock_t begin = std::clock();
  try {
    run(open());
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
    each_json_value(read_text(folder / "config.json"), [&](const std::string& document,
                                                           const std::string& what) {
      copies.write(name + "/config.json", document);
      const std::string fault = fault_of([&] { return Model::open(copies / name)->graph(); });
      CAPTURE(name);
      CAPTURE(what);
      CHECK(fault == "");
    });
  }
}

TEST_CASE("every weight one off in every size: a working model or one line, for every type") {
  int changed = 0;
  for (const fs::path& folder : one_of_each_type()) {
    const auto model = Model::open(folder);
    const Weights weights = stored_weights(*model);
    for (const std::string& weight : weights.names()) {
      const Shape shape = weights.at(weight).shape;
      for (size_t axis = 0; axis < 2 * shape.size(); ++axis) {
        Shape other = shape;
        other[axis / 2] += axis % 2 == 0 ? 1 : -1;
        Weights others = weights;
        others.erase(weight);
        others.add(weight, Tensor(other));
        const std::string fault =
            fault_of([&] { return std::make_shared<const Graph>(model->spec(), others); });
        CAPTURE(folder);
        CAPTURE(weight);
        CAPTURE(to_string(other));
        CHECK(fault == "");
        ++changed;
      }
    }
  }
  CHECK(changed > 1000);
}

}  // namespace locus::tests
