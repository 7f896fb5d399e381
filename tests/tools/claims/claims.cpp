#include "tests/tools/claims/claims.hpp"

namespace locus::tests::claims {
namespace {

namespace fs = std::filesystem;

/// The shipped models, and under the names of those that may be absent others of a known kind.
void link_models(const TemporaryFolder& folder) {
  const auto weights = source_path("weights");
  for (const auto& entry : fs::directory_iterator(weights)) {
    fs::create_directory_symlink(entry.path(), folder / entry.path().filename().string());
  }
  const auto replaced = {"masked-none", "masked-bert-512", "causal-sinusoidal-doubled",
                         "causal-weighted-mix"};
  for (const char* name : replaced) fs::remove(folder / name);
  fs::create_directory_symlink(weights / "causal-sinusoidal", folder / "causal-weighted-mix");
  // RoFormer in the place of the one with untrained rows: shifts do not change it.
  fs::create_directory_symlink(weights / "masked-roformer", folder / "masked-bert-512");
  fs::create_directory_symlink(weights / "causal-learned", folder / "causal-sinusoidal-doubled");
  fs::copy(weights / "masked-bert", folder / "masked-none");
  auto config = nlohmann::json::parse(read_text(folder / "masked-none/config.json"));
  config["locus"]["encoding"] = "none";
  folder.write("masked-none/config.json", config.dump());
}

}  // namespace

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
