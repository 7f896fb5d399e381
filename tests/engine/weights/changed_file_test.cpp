// A model's file that another program changes while a session uses it.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "engine/session.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tiny_graph.hpp"

namespace locus::tests::changed_file {
namespace {

/// Rows that lie in many chunks of the file: 240 bytes each.
constexpr int64_t vocabulary = 2000;
const std::vector<int32_t> early{0, 1, 2}, late{1990, 1995, 1999};

std::shared_ptr<const Graph> stored_graph(const std::filesystem::path& file) {
  const TinyGraph tiny = tiny_graph({.vocabulary = vocabulary});
  write_safetensors(file, tiny.weights, tiny.weights.names(), {});
  return std::make_shared<const Graph>(tiny.spec, open_safetensors(file));
}

std::vector<float> states_of(Session& session, const std::vector<int32_t>& ids) {
  session.encode(std::vector<Sequence>{{.ids = ids}});
  const ConstView states = session.output("last_hidden_state");
  std::vector<float> values;
  for (int64_t row = 0; row < states.size(0); ++row) {
    values.insert(values.end(), states.row(row).begin(), states.row(row).end());
  }
  return values;
}

void overwrite(const std::filesystem::path& file) {
  const auto size = std::filesystem::file_size(file);
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream << std::string(size, '\x3c');
}

TEST_CASE("an overwritten or shortened file changes no result: the same, or an Error") {
  for (const bool shortened : {false, true}) {
    CAPTURE(shortened);
    const TemporaryFolder folder;
    const auto file = folder / "model.safetensors";
    Session session(stored_graph(file), {.threads = 2});
    const auto before = states_of(session, early);
    shortened ? std::filesystem::resize_file(file, 100) : overwrite(file);
    CHECK(states_of(session, early) == before);
    CHECK(folder.message([&] { states_of(session, late); }) ==
          "model.safetensors: expected the file as it was when it was opened, found one that was "
          "changed since");
    CHECK(states_of(session, early) == before);  // the session goes on
  }
}

TEST_CASE("a file that is replaced or removed goes on being read") {
  const TemporaryFolder folder;
  const auto file = folder / "model.safetensors";
  Session session(stored_graph(file), {.threads = 1});
  Session other(stored_graph(folder / "other"), {.threads = 1});
  std::filesystem::remove(file);
  folder.write("model.safetensors", "another");
  CHECK(states_of(session, late) == states_of(other, late));
}

}  // namespace
}  // namespace locus::tests::changed_file
