#include "evaluation/score_text.hpp"

#include <doctest/doctest.h>

#include <numeric>

#include "base/error.hpp"

namespace locus {
namespace {

using Offsets = std::vector<std::pair<int64_t, int64_t>>;

Text text_of(std::string_view raw, const Offsets& offsets) {
  std::vector<int32_t> ids(offsets.size());
  std::iota(ids.begin(), ids.end(), 0);
  return make_text(raw, ids, offsets);
}

Extent total_of(const Text& text) {
  Extent total;
  for (size_t i = 0; i < text.extents.size(); ++i) total += text.extents[i];
  return total;
}

TEST_CASE("making a long text can be given up") {
  const std::string raw(400'000, 'a');
  Offsets offsets;
  for (int64_t at = 0; at < std::ssize(raw); ++at) offsets.emplace_back(at, at + 1);
  const std::vector<int32_t> ids(raw.size());
  int calls = 0;
  const Text text = make_text(raw, ids, offsets, [&] { ++calls; });
  CHECK(calls >= 15);  // each of three loops
  CHECK(text.ids.size() == raw.size());
  const auto stop = [&] {
    if (--calls == 0) throw Error::cancellation();
  };
  CHECK_THROWS_WITH_AS(make_text(raw, ids, offsets, stop), "run: cancelled", Error);
}

// So long that its lists move to large pages on the way.
TEST_CASE("a long text is put together from parts") {
  constexpr int32_t tokens = 1 << 20, parts = 10;
  Text part, whole;
  for (int32_t id = 0; id < tokens; ++id) {
    part.ids.push_back(id);
    part.extents.push_back({id % 300, 1, 0});
    part.word_start.push_back(static_cast<uint8_t>(id % 2));
  }
  for (int32_t i = 0; i < parts; ++i) {
    part.byte_begin = {};
    for (int32_t id = 0; id < tokens; ++id) part.byte_begin.push_back(int64_t{i} * tokens + id);
    whole.append(part);
  }
  REQUIRE(std::ssize(whole.ids) == int64_t{parts} * tokens);
  int64_t wrong = 0;
  for (int64_t i = 0; i < std::ssize(whole.ids); ++i) {
    const auto at = static_cast<size_t>(i);
    const bool same = whole.ids[at] == i % tokens && whole.byte_begin[at] == i &&
                      whole.extents[at] == Extent{i % tokens % 300, 1, 0} &&
                      whole.word_start[at] == i % tokens % 2;
    wrong += same ? 0 : 1;
  }
  CHECK(wrong == 0);
}

TEST_CASE("bytes, characters and words of a raw text") {
  CHECK(measure("") == Extent{0, 0, 0});
  CHECK(measure("  \n\t") == Extent{4, 4, 0});
  CHECK(measure(" one  two\nthree") == Extent{15, 15, 3});
  CHECK(measure("na\u00efve caf\u00e9") == Extent{12, 10, 2});
  CHECK(measure("\u4f60\u597d\u3000\u4e16\u754c") == Extent{15, 5, 2});  // an ideographic space
  CHECK(measure("\U0001F600 a\u00a0b") == Extent{9, 5, 3});              // a no-break space
}

TEST_CASE("white space between tokens belongs to the token after it, at the end to the last") {
  const Text text = text_of("  ab cd \n", {{2, 4}, {5, 7}});
  REQUIRE(text.extents.size() == 2);
  CHECK(text.extents[0] == Extent{4, 4, 1});
  CHECK(text.extents[1] == Extent{5, 5, 1});
  REQUIRE(text.byte_begin.size() == 2);
  CHECK(text.byte_begin[0] == 2);
  CHECK(text.byte_begin[1] == 5);
}

TEST_CASE("tokens share the text out without rest or overlap") {
  // A character of three bytes as three tokens that all name it, then a token with a space inside.
  const std::string_view raw = "x \u4e16 yz w";
  const Text text = text_of(raw, {{0, 1}, {2, 5}, {2, 5}, {2, 5}, {5, 8}, {8, 10}});
  CHECK(total_of(text) == measure(raw));
  CHECK(text.extents[1] == Extent{4, 2, 1});
  CHECK(text.extents[2] == Extent{0, 0, 0});
  CHECK(text.extents[4] == Extent{3, 3, 1});
}

TEST_CASE("word starts lie where white space is, before a token or at its beginning") {
  // un|happy| (space)|cat|s|  |.
  const Text text =
      text_of("unhappy  cats  .", {{0, 2}, {2, 7}, {7, 8}, {8, 12}, {12, 13}, {13, 15}, {15, 16}});
  CHECK(text.word_start == std::vector<uint8_t>{1, 0, 1, 1, 0, 1, 1});
  const Text bytes = text_of("a \u4e16b", {{0, 1}, {2, 5}, {2, 5}, {2, 5}, {5, 6}});
  CHECK(bytes.word_start == std::vector<uint8_t>{1, 1, 0, 0, 0});
}

TEST_CASE("bytes that are not UTF-8 are counted, not refused") {
  CHECK(measure("a\xff\xc3 b").bytes == 5);
  CHECK(measure("a\xff\xc3 b").words == 2);
}

TEST_CASE("offsets that do not fit are refused") {
  CHECK_THROWS_WITH_AS(make_text("abc", {1, 2}, Offsets{{0, 1}}),
                       "text: expected 2 token offsets, found 1", Error);
  CHECK_THROWS_WITH_AS(text_of("abc", {{0, 4}}),
                       "token offsets: expected bytes of a text of 3, found [0, 4)", Error);
  CHECK_THROWS_AS(text_of("abc", {{2, 1}}), Error);
}

}  // namespace
}  // namespace locus
