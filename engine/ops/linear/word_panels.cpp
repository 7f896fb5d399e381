#include "engine/ops/linear/word_panels.hpp"

#include <algorithm>
#include <vector>

#include "engine/core/parts.hpp"
#include "engine/ops/linear/packed_memory.hpp"
#include "engine/ops/linear/product_loops.hpp"

namespace locus::ops {
namespace {

using dot::Word;

int64_t padded(int64_t columns) { return (columns + dot::lanes - 1) / dot::lanes * dot::lanes; }

// Panels of 64 columns, each [words, 64]; the last one is as wide as it needs to be, in whole
// vectors.
template <typename Value, typename Sum>
class WordPanels final : public Panels {
 public:
  WordPanels(dot::Multiply<Sum> multiply, const ProductWeights& weights)
      : multiply_(multiply),
        outputs_(weights.outputs),
        words_((weights.inputs + values - 1) / values),
        packed_(padded(outputs_) * words_ * int64_t{sizeof(Word)}) {
    const auto pack = [&](int64_t panel, Room& room) {
      room.rows.resize(dot::max_columns * words_);  // what no weight fills stays 0
      weights.write({panel * dot::max_columns, columns(panel), room.rows.data(), row_bytes()},
                    room.read);
      // Words are moved as values of their size, and not computed with.
      product_loops().transpose(
          {reinterpret_cast<const float*>(room.rows.data()), columns(panel), words_, words_},
          reinterpret_cast<float*>(at(panel)), padded(columns(panel)), padded(columns(panel)));
    };
    core::for_each_part<Room>(count(), weights.team, pack);
  }

  int64_t count() const override { return (outputs_ + dot::max_columns - 1) / dot::max_columns; }
  int64_t width() const override { return dot::max_columns; }
  int64_t bytes() const override { return packed_.bytes(); }
  int64_t depth() const override { return words_ * values; }
  // So few that storing their results goes on while the next ones are multiplied.
  int64_t max_rows() const override { return 24; }
  int64_t padded_rows(int64_t rows) const override { return rows; }

  void multiply(int64_t panel, int64_t rows, const void* x, void* sums,
                int64_t next) const override {
    const bool whole = (next + 1) * dot::max_columns <= outputs_;
    multiply_(rows, columns(panel),
              {.a = static_cast<const Word*>(x),
               .a_stride = words_,
               .b = at(panel),
               .b_stride = padded(columns(panel)),
               .c = static_cast<Sum*>(sums),
               .c_stride = columns(panel),
               .words = words_,
               .next = whole ? at(next) : nullptr});
  }

 private:
  static constexpr int64_t values = sizeof(Word) / sizeof(Value);  // of a word

  struct Room {
    std::vector<Word> rows;
    Tensor read;
  };

  int64_t row_bytes() const { return words_ * int64_t{sizeof(Word)}; }
  int64_t columns(int64_t panel) const {
    return std::min(dot::max_columns, outputs_ - panel * dot::max_columns);
  }
  Word* at(int64_t panel) const {
    return static_cast<Word*>(packed_.data()) + panel * dot::max_columns * words_;
  }

  dot::Multiply<Sum> multiply_;
  int64_t outputs_;
  int64_t words_;  // of a row
  PackedMemory packed_;
};

}  // namespace

std::unique_ptr<Panels> pack_words(dot::Multiply<float> multiply, const ProductWeights& weights) {
  return std::make_unique<WordPanels<uint16_t, float>>(multiply, weights);
}

std::unique_ptr<Panels> pack_words(dot::Multiply<int32_t> multiply, const ProductWeights& weights) {
  return std::make_unique<WordPanels<int8_t, int32_t>>(multiply, weights);
}

}  // namespace locus::ops
