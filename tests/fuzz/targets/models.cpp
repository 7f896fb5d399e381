// Readers of what describes a model: configs, graphs, schemes, settings of generation.
#include <array>
#include <memory>

#include "engine/scheme.hpp"
#include "engine/session.hpp"
#include "models/generate.hpp"
#include "models/model.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/tiny_graph.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::fuzz {
namespace {

namespace fs = std::filesystem;

void run_model(const fs::path& path) {
  const auto model = Model::open(path);
  if (model->graph()->input().kind != GraphInput::Kind::ids) return;
  Session session(model->graph(), {.threads = 1});
  const std::vector<int32_t> ids{1, 2, 3, 2, 1};
  session.encode(std::vector<Sequence>{{.ids = ids}});
  model->special();
}

/// A folder with the weights of a tiny model, into which a file goes.
fs::path folder_of(const std::string& golden) {
  const fs::path folder = scratch() / golden;
  if (fs::exists(folder)) return folder;
  fs::create_directories(folder);
  for (const char* file : {"config.json", "model.safetensors"}) {
    fs::copy_file(fs::path(tests::golden_model(golden)) / file, folder / file);
  }
  return folder;
}

void config_of(const std::string& golden, std::string_view bytes) {
  folder_of(golden);
  scratch().write(golden + "/config.json", bytes);
  run_model(scratch() / golden);
}

void config(std::string_view bytes) { config_of("bert/lm", bytes); }

void generation(std::string_view bytes) {
  folder_of("gpt2/lm");
  scratch().write("gpt2/lm/generation_config.json", bytes);
  const auto model = Model::open(scratch() / "gpt2/lm");
  model->generation_json();
  GenerationSettings settings = generation_settings(*model);
  settings.max_tokens = 4;
  settings.on_token = nullptr;
  Session session(model->graph(), {.threads = 1});
  generate(session, std::vector<std::vector<int32_t>>{{1, 2, 3, 2, 1}}, settings);
}

void graph(std::string_view bytes) { run_model(scratch().write("graph/locus.json", bytes)); }

void scheme(std::string_view bytes) {
  const auto chain = parse_encoding(bytes);
  to_string(chain);
  traits_of(chain);
}

// An encoding is built and run, whatever its text asks for.
void encoding(std::string_view bytes) {
  const tests::TinyGraph tiny =
      tests::tiny_graph({.encoding = std::string(bytes), .layers = 1, .context = 32});
  Session session(std::make_shared<const Graph>(tiny.spec, tiny.weights), {.threads = 1});
  const std::vector<int32_t> ids{1, 2, 3, 2, 1};
  session.encode(std::vector<Sequence>{{.ids = ids}});
}

constexpr std::array model_rows{Target{"config", config}, Target{"generation", generation},
                                Target{"graph", graph}, Target{"scheme", scheme},
                                Target{"encoding", encoding}};

}  // namespace

std::span<const Target> model_targets() { return model_rows; }

}  // namespace locus::fuzz
