#include "tests/tools/claims/claims.hpp"

#include <algorithm>
#include <fstream>

namespace locus::tests::claims {

namespace fs = std::filesystem;

namespace {

/// A model without what says how it was trained.
void link_model(const fs::path& model, const fs::path& as) {
  fs::create_directories(as);
  for (const auto& entry : fs::directory_iterator(model)) {
    const auto name = entry.path().filename();
    if (name != "training.json") fs::create_symlink(entry.path(), as / name);
  }
}

/// The shipped models, and under the names of those that may be absent others of a known kind.
void link_models(const TemporaryFolder& folder) {
  const auto weights = source_path("weights");
  const auto replaced = {"masked-none", "causal-learned-512", "causal-sinusoidal",
                         "causal-sinusoidal-doubled"};
  for (const auto& entry : fs::directory_iterator(weights)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_directory() || std::ranges::find(replaced, name) != replaced.end()) continue;
    link_model(entry.path(), folder / name);
  }
  // RoPE in the place of the one with untrained rows: shifts do not change it.
  link_model(weights / "causal-rope", folder / "causal-learned-512");
  link_trained(weights / "causal-sinusoidal", folder / "causal-sinusoidal");
  link_trained(weights / "causal-learned", folder / "causal-sinusoidal-doubled");
  fs::copy(weights / "masked-learned", folder / "masked-none");
  auto config = nlohmann::json::parse(read_text(folder / "masked-none/config.json"));
  config["locus"]["encoding"] = "none";
  folder.write("masked-none/config.json", config.dump());
}

}  // namespace

void link_trained(const fs::path& model, const fs::path& as, double rate) {
  link_model(model, as);
  const nlohmann::json block{{"format", 1},
                             {"kind", "causal"},
                             {"encoding", as.filename().string()},
                             {"recipe", {{"tokens", 1}, {"rate", rate}}},
                             {"seed", 1},
                             {"tokens_seen", 1}};
  std::ofstream(as / "training.json") << block.dump();
}

Measured::Measured() {
  const TemporaryFolder folder, written;
  link_models(folder);
  const WithModels models(folder.path());
  const auto ran = run_claims({"--text", long_text, "--sample", "64", "--json", "--markdown",
                               written / "claims.md", "--report", written / "claims.html"});
  result = ran.json();
  markdown = read_text(written / "claims.md");
  page = read_text(written / "claims.html");
}

const Measured& measured() {
  static const Measured once;
  return once;
}

}  // namespace locus::tests::claims
