// Encodings that are tampered with.
#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "engine/session.hpp"
#include "tests/support/all_encodings.hpp"
#include "tests/support/encodings.hpp"
#include "tests/support/tiny_graph.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

using Kind = EncodingChange::Kind;

constexpr int64_t length = 23;

std::vector<float> positions_from(float first) {
  std::vector<float> positions(length);
  std::iota(positions.begin(), positions.end(), first);
  return positions;
}

Tensor run(const std::string& encoding, const EncodingChange& change,
           const std::vector<float>& positions = {}) {
  TinyOptions options;
  options.encoding = encoding;
  const TinyGraph tiny = tiny_graph(options);
  GraphOptions compile;
  compile.seed = 5;
  compile.change = change;
  Session session(std::make_shared<const Graph>(tiny.spec, tiny.weights, compile), {.threads = 1});
  const auto ids = random_ids(length);
  const Sequence sequence{ids, {}, positions};
  session.encode({&sequence, 1});
  const ConstView rows = session.output("last_hidden_state");
  Tensor copy({rows.size(0), rows.size(1)});
  for (int64_t row = 0; row < length; ++row) {
    std::ranges::copy(rows.row(row), copy.view().row(row).begin());
  }
  return copy;
}

EncodingChange change_of(Kind kind, double amount = 0) { return {kind, amount, 1, length, {}}; }

}  // namespace

TEST_CASE("an encoding that is removed is none") {
  const Tensor none = run("none", {});
  for (const std::string& text : all_encodings()) {
    CAPTURE(text);
    CHECK(largest_difference(run(text, change_of(Kind::remove)), none) == 0);
  }
}

TEST_CASE("a shift asks every encoding at later positions") {
  for (const std::string& text : all_encodings()) {
    CAPTURE(text);
    const Tensor shifted = run(text, change_of(Kind::shift, 7));
    CHECK(largest_difference(shifted, run(text, {}, positions_from(7))) < 1e-5);
    const bool moved = largest_difference(shifted, run(text, {})) > 1e-4;
    CHECK((moved && traits_of(parse_encoding(text)).relative) == false);
  }
  CHECK(largest_difference(run("sinusoidal", change_of(Kind::shift, 7)), run("sinusoidal", {})) >
        1e-2);
}

TEST_CASE("a learned table refuses positions that a shift moves beyond it") {
  CHECK_NOTHROW(run("learned", change_of(Kind::shift, 100)));
  CHECK_THROWS_AS(run("learned", change_of(Kind::shift, 1000)), Error);
}

TEST_CASE("an encoding times one is itself, and times zero nothing") {
  const Tensor none = run("none", {});
  for (const std::string& text : all_encodings()) {
    CAPTURE(text);
    CHECK(largest_difference(run(text, change_of(Kind::scale, 1)), run(text, {})) < 1e-5);
    // What a YaRN rotation does to lengths remains at angle 0.
    if (text.find("yarn") != std::string::npos) continue;
    CHECK(largest_difference(run(text, change_of(Kind::scale, 0)), none) < 1e-5);
  }
}

TEST_CASE("half of a bias is the bias of half the slopes") {
  // max_bias doubles every slope's exponent, so compare on one head.
  const SchemeContext context{.width = 4, .heads = 1, .head_size = 4, .capacity = 16};
  const auto whole = encoding_of("alibi", context);
  const auto half = changed(whole, change_of(Kind::scale, 0.5));
  const auto a = bias_of(*whole, 1, {0, 5, 0, 5}), b = bias_of(*half, 1, {0, 5, 0, 5});
  for (size_t i = 0; i < a.values().size(); ++i) CHECK(b.values()[i] == a.values()[i] / 2);
}

TEST_CASE("shuffled positions are a permutation drawn from the seed") {
  const SchemeContext context{.width = 4, .heads = 1, .head_size = 4, .capacity = 64};
  const auto plain = encoding_of("sinusoidal", context);
  const Tensor rows = table_of(*plain, 40, 4);
  const Tensor moved = table_of(*changed(plain, {Kind::shuffle, 0, 3, 32, {}}), 40, 4);
  std::vector<int> seen(40);
  for (int64_t row = 0; row < 40; ++row) {
    for (int64_t other = 0; other < 40; ++other) {
      seen[other] += std::ranges::equal(moved.view().row(row), rows.view().row(other));
    }
    const bool stays = std::ranges::equal(moved.view().row(row), rows.view().row(row));
    if (row >= 32) CHECK(stays);
  }
  CHECK(std::ranges::all_of(seen, [](int count) { return count == 1; }));
  CHECK(largest_difference(moved, rows) > 0.1);
  CHECK(largest_difference(moved,
                           table_of(*changed(plain, {Kind::shuffle, 0, 3, 32, {}}), 40, 4)) == 0);
  CHECK(largest_difference(moved, table_of(*changed(plain, {Kind::shuffle, 0, 4, 32, {}}), 40, 4)) >
        0.1);
}

TEST_CASE("a change may be made in one layer alone") {
  EncodingChange change = change_of(Kind::remove);
  const Tensor all = run("alibi", change), trained = run("alibi", {});
  change.layer = 0;
  const Tensor first = run("alibi", change);
  change.layer = 1;
  const Tensor second = run("alibi", change);
  CHECK(largest_difference(first, trained) > 1e-3);
  CHECK(largest_difference(second, trained) > 1e-3);
  CHECK(largest_difference(first, second) > 1e-3);
  CHECK(largest_difference(first, all) > 1e-3);
  change.layer = 2;
  CHECK(largest_difference(run("alibi", change), trained) == 0);
}
