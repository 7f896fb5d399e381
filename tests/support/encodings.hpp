// Encodings as tests make and ask them.
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "engine/position.hpp"
#include "engine/scheme.hpp"

namespace locus::tests {

/// Values drawn from a normal distribution, the same on every machine.
inline Tensor random_tensor(const Shape& shape, uint64_t seed, float deviation = 1) {
  Tensor tensor(shape);
  std::mt19937_64 generator(seed);
  const auto uniform = [&] { return (static_cast<double>(generator() >> 11) + 1) * 0x1p-53; };
  for (float& value : tensor.values()) {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    value = static_cast<float>(deviation * radius * std::cos(6.283185307179586 * uniform()));
  }
  return tensor;
}

/// Weights by name. Those that were not given are random, of one size everywhere so that every term
/// matters (an initial state of 0.02 would hide errors), or zero where `deviation` is.
class GivenWeights : public SchemeWeights {
 public:
  explicit GivenWeights(float deviation = 0.7f) : deviation_(deviation) {}

  GivenWeights& set(const std::string& name, const Shape& shape, std::vector<float> values) {
    given_.insert_or_assign(name, Tensor(shape, values));
    return *this;
  }
  bool contains(std::string_view name) const override {
    return given_.count(std::string(name)) > 0;
  }
  Shape shape(std::string_view name) const override { return given_.at(std::string(name)).shape(); }
  Tensor take(std::string_view name, Shape expected, Initial) override {
    const auto found = given_.find(std::string(name));
    if (found == given_.end()) {
      taken_ += element_count(expected);
      return random_tensor(expected, 17 + name.size(), deviation_);
    }
    const Shape& shape = found->second.shape();
    bool same = shape.size() == expected.size();
    for (size_t axis = 0; same && axis < shape.size(); ++axis) {
      same = expected[axis] < 0 || expected[axis] == shape[axis];
    }
    if (!same) throw Error(name, to_string(expected), to_string(shape));
    taken_ += found->second.count();
    return found->second.clone();
  }
  /// Values of the weights that were taken.
  int64_t taken() const { return taken_; }

 private:
  float deviation_;
  int64_t taken_ = 0;
  std::map<std::string, Tensor> given_;
};

/// `rope:base=100`, or the name alone where there are no parameters.
inline std::string scheme_text(std::string name, const std::string& parameters) {
  if (!parameters.empty()) name.append(":").append(parameters);
  return name;
}

using EncodingPointer = std::shared_ptr<const PositionalEncoding>;

/// A chain from its text form.
inline EncodingPointer encoding_of(std::string_view text, const SchemeContext& context,
                                   SchemeWeights& weights) {
  std::vector<EncodingPointer> links;
  for (const SchemeChoice& choice : parse_encoding(text)) {
    links.push_back(make_encoding(choice, weights, context));
  }
  return chain_encodings(std::move(links));
}
inline EncodingPointer encoding_of(std::string_view text, const SchemeContext& context) {
  GivenWeights weights;
  return encoding_of(text, context, weights);
}

/// What `embed` makes of rows at the given positions. x [T, D]
inline Tensor embedded(const PositionalEncoding& encoding, Tensor x, Positions positions) {
  Scratch scratch;
  encoding.embed(x.view(), {positions, positions, 0, positions.count, 1, scratch});
  return x;
}

/// Rows that `embed` adds to zeros at positions first ... [count, width]
inline Tensor table_of(const PositionalEncoding& encoding, int64_t count, int64_t width,
                       int64_t first = 0) {
  return embedded(encoding, Tensor({count, width}), {first, count, {}, 1});
}

/// What `rotate` makes of heads at positions first ... x [H, T, d]
inline Tensor rotated(const PositionalEncoding& encoding, Tensor x, int64_t first,
                      Role role = Role::query) {
  Scratch scratch;
  const Positions positions{first, x.shape()[1], {}, 1};
  encoding.rotate(x.view(), role, {positions, positions, 0, first + x.shape()[1], 1, scratch});
  return x;
}

/// Queries at positions first_query ... and keys at first_key ...
struct Tile {
  int64_t first_query = 0;
  int64_t queries = 1;
  int64_t first_key = 0;
  int64_t keys = 1;

  Positions query_positions() const { return {first_query, queries, {}, 1}; }
  Positions key_positions() const { return {first_key, keys, {}, 1}; }
};

/// What `score` adds to zeros for q [H, Tq, d] and k [H, Tk, d]. [H, Tq, Tk]
inline Tensor scored(const PositionalEncoding& encoding, const Tensor& q, const Tensor& k,
                     const Tile& tile, float scale = 1) {
  Tensor s({q.shape()[0], tile.queries, tile.keys});
  Scratch scratch;
  const Block block{
      tile.query_positions(), tile.key_positions(), 0, tile.first_key + tile.keys, scale, scratch};
  encoding.score(s.view(), q.view(), k.view(), block);
  return s;
}

/// What is added to the scores where q and k are zero: a bias by head and distance. [H, Tq, Tk]
inline Tensor bias_of(const PositionalEncoding& encoding, int64_t heads, const Tile& tile) {
  return scored(encoding, Tensor({heads, tile.queries, 4}), Tensor({heads, tile.keys, 4}), tile);
}

inline double largest_difference(const Tensor& a, const Tensor& b) {
  if (a.shape() != b.shape()) return INFINITY;
  double largest = 0;
  for (size_t i = 0; i < a.values().size(); ++i) {
    const double difference = std::abs(static_cast<double>(a.values()[i]) - b.values()[i]);
    if (!(difference <= largest)) largest = difference;  // a NaN stays
  }
  return largest;
}

}  // namespace locus::tests
