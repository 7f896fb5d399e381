// A real trained model, from another engine's file to that engine's own expected text.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>

#include "base/read_file.hpp"
#include "models/llama2c.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {
namespace {

constexpr int32_t first_token = 1;
constexpr int generated = 200;

/// The pieces of llama2.c's tokenizer file: a length, then a score, a length and bytes for each.
std::vector<std::string> read_pieces(const std::filesystem::path& file) {
  const std::string bytes = read_file(file);
  std::vector<std::string> pieces;
  for (size_t at = sizeof(int32_t); at < bytes.size();) {
    int32_t length = 0;
    std::memcpy(&length, bytes.data() + at + sizeof(float), sizeof length);
    at += sizeof(float) + sizeof length;
    pieces.push_back(bytes.substr(at, length));
    at += length;
  }
  return pieces;
}

/// `<0x0A>` stands for its byte, as llama2.c prints it.
std::string text_of(const std::string& piece) {
  if (piece.size() != 6 || !piece.starts_with("<0x")) return piece;
  return {static_cast<char>(std::stoi(piece.substr(3, 2), nullptr, 16))};
}

}  // namespace

TEST_CASE("stories260K, converted, writes llama2.c's 200 expected tokens") {
  const auto data = shared_path("data/models/stories260K");
  if (!data) return;
  const TemporaryFolder folder;
  convert_llama2c(*data / "stories260K.bin", folder / "model");
  const auto model = Model::open(folder / "model");
  Session session(model->graph(), {1, false});
  const std::vector<std::string> pieces = read_pieces(*data / "tok512.bin");
  std::string text;
  int32_t token = first_token;
  for (int step = 0; step < generated; ++step) {
    const Sequence sequence{{&token, 1}, {}, {}};
    session.decode({&sequence, 1});
    const int64_t row = 0;
    const auto logits = session.logits({&row, 1}).row(0);
    const int32_t next = static_cast<int32_t>(std::ranges::max_element(logits) - logits.begin());
    const std::string piece = text_of(pieces.at(next));
    text += token == first_token && piece.starts_with(' ') ? piece.substr(1) : piece;
    token = next;
  }
  std::string expected = read_file(*data / "expected_greedy_200.txt");
  while (expected.ends_with('\n')) expected.pop_back();
  CHECK(text == expected);
}

}  // namespace locus::tests
