// Long texts that a caller does not want to the end.
#include <doctest/doctest.h>

#include "support.hpp"
#include "tokenizer/part_encoder.hpp"
#include "tokenizer/text/regex.hpp"

namespace locus::tests {
namespace {

struct Stop {};

const std::string& long_text() {
  static const std::string text = [] {
    const std::string lines = read_text(source_path("tests/goldens/tokenizers/lines.jsonl"));
    std::string all;
    while (all.size() < 600'000) all += lines;
    return all;
  }();
  return text;
}

/// Options that end an encoding at a call of the check, of which they keep count.
EncodeOptions ending_at(int last, int& calls) {
  EncodeOptions options;
  options.check = [last, &calls] {
    if (++calls == last) throw Stop();
  };
  return options;
}

TEST_CASE(
    "every tokenizer asks whether to go on, all along a long text, and ends where it may not") {
  for_each_case([](const std::shared_ptr<const Tokenizer>& tokenizer) {
    int all = 0, calls = 0;
    const auto ids = tokenizer->encode(long_text(), ending_at(0, all)).ids;
    CHECK(all >= 9);  // 64 KiB at most between two
    CHECK(tokenizer->encode_ids(long_text()) == ids);
    // Between places of a long search it is the clock that counts: now and then a call less.
    for (const int last : {1, all / 2, all - all / 8}) {
      calls = 0;
      CHECK_THROWS_AS(tokenizer->encode(long_text(), ending_at(last, calls)), Stop);
      CHECK(calls == last);
    }
    calls = 0;
    CHECK_THROWS_AS(tokenizer->encode_ids(long_text(), ending_at(2, calls)), Stop);
    calls = 0;
    CHECK_THROWS_AS(tokenizer->encode_pair("a", long_text(), ending_at(2, calls)), Stop);
  });
}

TEST_CASE("turning many ids into text asks as well") {
  for_each_case([](const std::shared_ptr<const Tokenizer>& tokenizer) {
    const auto ids = tokenizer->encode_ids(long_text());
    int all = 0, calls = 0;
    const std::string text = tokenizer->decode(ids, {.check = ending_at(0, all).check});
    CHECK(all >= 5);
    CHECK(tokenizer->decode(ids) == text);
    for (const int last : {1, all}) {
      calls = 0;
      CHECK_THROWS_AS(tokenizer->decode(ids, {.check = ending_at(last, calls).check}), Stop);
      CHECK(calls == last);
    }
  });
}

TEST_CASE("a word without end can be given up as well") {
  const std::string word(900'000, 'a');
  for (const char* name : {"gpt2", "t5_json", "llama2c_tok512"}) {
    const auto tokenizer = open_case(name);
    if (!tokenizer) continue;
    INFO(name);
    int calls = 0;
    CHECK_THROWS_AS(tokenizer->encode(word, ending_at(12, calls)), Stop);
  }
}

// Looked for anew at each `>>`, the end of a language code would take a minute here.
TEST_CASE("a text of language codes that never end is cut in time that grows as it does") {
  const auto tokenizer = open_case("marian");
  if (!tokenizer) return;
  EncodeOptions plain;
  plain.special = false;
  const auto ids_of = [&](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += ">>a ";
    return static_cast<int>(tokenizer->encode_ids(text, plain).size());
  };
  const int first = ids_of(1), each = ids_of(2) - first;
  CHECK(ids_of(200'000) == first + 199'999 * each);
}

TEST_CASE("a text that is read in parts is given up within a part") {
  const auto tokenizer = open_case("gpt2");
  if (!tokenizer) return;
  int calls = 0;
  PartSettings settings{.bytes = 500'000, .check = ending_at(3, calls).check};
  std::string_view left = long_text();
  PartEncoder encoder(
      tokenizer,
      [&](std::size_t bytes) {
        const std::string part(left.substr(0, bytes));
        left.remove_prefix(part.size());
        return part;
      },
      settings);
  CHECK_THROWS_AS(encoder.next(), Stop);
}

TEST_CASE("a tokenizer may be given up while it is opened, by what its caller throws") {
  struct Fault : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  int most = 0;
  bool all_here = true;  // what asks often is large, and not part of the repository
  const Json cases = golden_cases();
  for (const auto& item : cases.items()) {
    const auto folder = described_folder(item.value());
    if (!folder) {
      all_here = false;
      continue;
    }
    INFO(item.key());
    const auto open = [&](const std::function<void()>& check) {
      Tokenizer::open(folder->path(), {}, check);
    };
    int all = 0;
    open(ending_at(0, all).check);
    CHECK(all >= 1);
    most = std::max(most, all);
    for (const int last : {1, (all + 1) / 2, all}) {
      int calls = 0;
      CHECK_THROWS_AS(open(ending_at(last, calls).check), Stop);
      CHECK(calls == last);
    }
    CHECK_THROWS_WITH_AS(open([] { throw Fault("enough"); }), "enough", Fault);
  }
  if (all_here) CHECK(most >= 100);
}

// Without steps back that a limit would count: each place is compared with all that follows.
TEST_CASE("a search may be given up between two places that a match might begin at") {
  int asked = 0;
  Watch watch([&] {
    if (++asked == 3) throw Stop();
  });
  const std::string text(200'000, 'a');
  CHECK_THROWS_AS(tokenization::Regex("(?>a+)b").search(text, 0, watch), Stop);
  asked = 0;
  CHECK_THROWS_AS(tokenization::Regex("x|(?>a+)b").search(text, 0, watch), Stop);
}

TEST_CASE("what lets a search be given up changes no match and no refusal") {
  Watch unwatched;
  const auto begin = [&](const char* expression, const char* text) {
    const auto found = tokenization::Regex(expression).search(text, 0, unwatched);
    return found ? static_cast<int>(found->begin) : -1;
  };
  CHECK(begin("a|b", "xxb") == 2);
  CHECK(begin("(?i)B|c", "xxb") == 2);
  CHECK(begin("(?x)b #)", "xxb") == 2);
  CHECK(begin("(?I)b", "xxb") == 2);
  CHECK(begin("^b", "xx\nb") == 3);
  CHECK(begin("(b)\\1", "abb") == 1);
  for (const char* broken : {"*a", "{2}", "?", "a)|(b", "(a"}) {
    CHECK_THROWS_AS(tokenization::Regex(broken).search("a", 0, unwatched), Error);
  }
}

TEST_CASE("each search of an expression asks first") {
  int asked = 0;
  Watch watch([&] { ++asked; });
  const tokenization::Regex regex("a+");
  CHECK(regex.search("baa", 0, watch)->end == 3);
  CHECK_FALSE(regex.search("baa", 3, watch).has_value());
  CHECK(asked == 2);
}

}  // namespace
}  // namespace locus::tests
