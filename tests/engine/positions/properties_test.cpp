// What must hold for every scheme by its traits, through attention. A scheme is tested the day that
// it is registered; further lines are parameters that take another path through its code.
#include <doctest/doctest.h>

#include <numeric>

#include "tests/support/all_encodings.hpp"
#include "tests/support/plain_attention.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

constexpr int64_t capacity = 40;
constexpr int64_t text_size = 11;
constexpr double property_tolerance = 2e-5;

EncodingPointer make(const std::string& text, bool causal, float deviation = 0.7f) {
  const PlainSettings sizes;
  const SchemeContext context{.width = sizes.width,
                              .heads = sizes.heads,
                              .head_size = sizes.head_size,
                              .causal = causal,
                              .capacity = capacity};
  GivenWeights weights(deviation);
  return encoding_of(text, context, weights);
}

PlainSettings causal_settings() {
  PlainSettings settings;
  settings.visibility = visible_causal();
  return settings;
}

Tensor tokens(int64_t count = text_size) {
  return random_tensor({count, PlainSettings{}.width}, 9);
}

Tensor rows_of(const Tensor& x, const std::vector<int64_t>& rows) {
  Tensor chosen({static_cast<int64_t>(rows.size()), x.shape()[1]});
  for (size_t row = 0; row < rows.size(); ++row) {
    std::ranges::copy(x.view().row(rows[row]),
                      chosen.view().row(static_cast<int64_t>(row)).begin());
  }
  return chosen;
}

// Tokens appended in parts of `step`, as decoding with a cache does.
Tensor step_by_step(PlainAttention& attention, const Tensor& x, int64_t step) {
  Tensor all({x.shape()[0], PlainSettings{}.width});
  for (int64_t begin = 0; begin < x.shape()[0]; begin += step) {
    const int64_t end = std::min(begin + step, x.shape()[0]);
    std::vector<int64_t> rows(end - begin);
    std::iota(rows.begin(), rows.end(), begin);
    const Tensor y = attention.append(rows_of(x, rows), {0, end, {}, 1});
    std::ranges::copy(y.values(), all.view().row(begin).begin());
  }
  return all;
}

double shift_changes(const std::string& text, bool causal) {
  PlainAttention attention(make(text, causal), causal ? causal_settings() : PlainSettings{});
  return largest_difference(attention.run(tokens(), 0), attention.run(tokens(), 17));
}

const std::vector<int64_t> order{3, 9, 0, 10, 5, 1, 7, 2, 8, 6, 4};

}  // namespace

TEST_CASE("decoding step by step equals one pass for every stepwise scheme") {
  for (const std::string& text : encodings_where([](auto traits) { return traits.stepwise; })) {
    CAPTURE(text);
    PlainAttention whole(make(text, true), causal_settings());
    const Tensor expected = whole.run(tokens());
    for (const int64_t step : {1, 4}) {
      PlainAttention parts(make(text, true), causal_settings());
      CHECK(largest_difference(step_by_step(parts, tokens(), step), expected) < property_tolerance);
    }
  }
}

TEST_CASE("schemes that are not stepwise differ: the trait says no less than is true") {
  for (const std::string& text : encodings_where([](auto traits) { return !traits.stepwise; })) {
    CAPTURE(text);
    PlainAttention whole(make(text, true), causal_settings());
    PlainAttention parts(make(text, true), causal_settings());
    CHECK(largest_difference(step_by_step(parts, tokens(), 1), whole.run(tokens())) > 1e-3);
  }
}

TEST_CASE("shifting all positions changes nothing for relative schemes") {
  for (const std::string& text : encodings_where([](auto traits) { return traits.relative; })) {
    CAPTURE(text);
    CHECK(shift_changes(text, true) < property_tolerance);
    CHECK(shift_changes(text, false) < property_tolerance);
  }
}

TEST_CASE("shifting all positions changes the result for absolute schemes") {
  for (const std::string& text : encodings_where([](auto traits) { return traits.absolute; })) {
    CAPTURE(text);
    CHECK(shift_changes(text, true) > 1e-3);
    CHECK(shift_changes(text, false) > 1e-3);
  }
}

TEST_CASE("every scheme is either relative or absolute") {
  for (const std::string& text : all_encodings()) {
    CAPTURE(text);
    const SchemeTraits traits = traits_of(parse_encoding(text));
    CHECK(traits.relative != traits.absolute);
  }
}

TEST_CASE("learned schemes whose tables are zero equal none") {
  PlainAttention none(make("none", false), {});
  for (const Scheme& scheme : schemes()) {
    // A projection of nothing is nothing, not the token.
    if (!scheme.traits.learned || scheme.name == "concatenation") continue;
    CAPTURE(scheme.name);
    PlainAttention zero(make(scheme.name, false, 0), {});
    CHECK(largest_difference(zero.run(tokens()), none.run(tokens())) < 1e-6);
    PlainAttention random(make(scheme.name, false), {});
    CHECK(largest_difference(random.run(tokens()), none.run(tokens())) > 1e-3);
  }
}

TEST_CASE("without a mask, none alone does not see the order of tokens") {
  for (const std::string& text : all_encodings()) {
    CAPTURE(text);
    PlainAttention attention(make(text, false), {});
    const Tensor permuted = attention.run(rows_of(tokens(), order));
    const Tensor expected = rows_of(attention.run(tokens()), order);
    const double difference = largest_difference(permuted, expected);
    CHECK((text == "none" ? difference < property_tolerance : difference > 1e-3));
  }
}

TEST_CASE("tokens that take their positions along may come in any order") {
  std::vector<float> positions(order.begin(), order.end());
  for (const std::string& text : all_encodings()) {
    CAPTURE(text);
    PlainAttention attention(make(text, false), {});
    const Tensor permuted = attention.run(rows_of(tokens(), order), {0, text_size, positions, 1});
    CHECK(largest_difference(permuted, rows_of(attention.run(tokens()), order)) <
          property_tolerance);
  }
}

TEST_CASE("positions that are given one by one and consecutive equal those that are not given") {
  std::vector<float> positions(text_size);
  std::iota(positions.begin(), positions.end(), 5.0f);
  for (const std::string& text : all_encodings()) {
    CAPTURE(text);
    PlainAttention attention(make(text, false), {});
    const Tensor given = attention.run(tokens(), {0, text_size, positions, 1});
    CHECK(largest_difference(given, attention.run(tokens(), 5)) == 0);
  }
}

TEST_CASE("tiles of any size agree") {
  PlainSettings odd = causal_settings(), single = causal_settings();
  odd.query_tile = 3, odd.key_tile = 4, odd.head_tile = 2;
  single.query_tile = single.key_tile = single.head_tile = 1;
  for (const std::string& text : all_encodings()) {
    CAPTURE(text);
    const EncodingPointer encoding = make(text, true);
    const Tensor whole = PlainAttention(encoding, causal_settings()).run(tokens());
    CHECK(largest_difference(PlainAttention(encoding, odd).run(tokens()), whole) <
          property_tolerance);
    CHECK(largest_difference(PlainAttention(encoding, single).run(tokens()), whole) <
          property_tolerance);
  }
}

TEST_CASE("sliding windows see the distances that full attention sees") {
  PlainSettings settings;
  settings.visibility = visible_sliding(2, 1);
  PlainSettings tiled = settings;
  tiled.query_tile = 2, tiled.key_tile = 3;
  for (const std::string& text : all_encodings()) {
    CAPTURE(text);
    const EncodingPointer encoding = make(text, false);
    CHECK(largest_difference(PlainAttention(encoding, tiled).run(tokens()),
                             PlainAttention(encoding, settings).run(tokens())) <
          property_tolerance);
  }
}

TEST_CASE("groups of queries share rotated keys") {
  PlainSettings grouped;
  grouped.kv_heads = 1;
  for (const std::string& text : all_encodings()) {
    CAPTURE(text);
    PlainAttention attention(make(text, false), grouped);
    const Tensor first = attention.run(tokens(), 0);
    const double shift = largest_difference(attention.run(tokens(), 17), first);
    CHECK((shift < property_tolerance) == traits_of(parse_encoding(text)).relative);
  }
}

TEST_CASE("a sequence is not changed by what the encoding did before") {
  for (const std::string& text : all_encodings()) {
    CAPTURE(text);
    const EncodingPointer encoding = make(text, true);
    const Tensor alone = PlainAttention(encoding, causal_settings()).run(tokens());
    PlainAttention(encoding, causal_settings()).run(random_tensor({23, 20}, 77), 3);
    CHECK(largest_difference(PlainAttention(encoding, causal_settings()).run(tokens()), alone) ==
          0);
  }
}

TEST_CASE("unlimited schemes go on beyond the capacity of their tables") {
  const auto unlimited = [](auto traits) { return !traits.limited; };
  const Tensor x = tokens(30);
  for (const std::string& text : encodings_where(unlimited)) {
    // These two mean the capacity by their default; a chain of a limited scheme is limited.
    if (text == "normalised_index" || text.find("original") != std::string::npos) continue;
    CAPTURE(text);
    SchemeContext context{.width = 20, .heads = 5, .head_size = 4, .causal = true, .capacity = 64};
    const EncodingPointer large = encoding_of(text, context);
    context.capacity = 4;
    const EncodingPointer small = encoding_of(text, context);
    CHECK(largest_difference(PlainAttention(small, causal_settings()).run(x),
                             PlainAttention(large, causal_settings()).run(x)) < property_tolerance);
  }
}

TEST_CASE("limited schemes refuse a position beyond their length") {
  for (const std::string& text : encodings_where([](auto traits) { return traits.limited; })) {
    CAPTURE(text);
    const EncodingPointer encoding = make(text, false);
    const bool hierarchical = text.starts_with("hierarchical");
    const int64_t longest = hierarchical ? capacity * capacity : capacity;
    CHECK(encoding->max_length() == longest);
    CHECK_NOTHROW(PlainAttention(encoding, {}).run(tokens(capacity), longest - capacity));
    CHECK_THROWS_AS(PlainAttention(encoding, {}).run(tokens(capacity + 1), longest - capacity),
                    Error);
  }
}
