// Attention in plain loops, which calls the hooks of an encoding exactly as engine/position.hpp
// says: the ground on which every scheme's properties are tested.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/position.hpp"
#include "tests/support/encodings.hpp"

namespace locus::tests {

/// One layer of self-attention with seeded weights. Sizes of a tile are upper bounds.
struct PlainSettings {
  int64_t width = 20;     // D
  int64_t heads = 5;      // H
  int64_t kv_heads = 5;   // G
  int64_t head_size = 4;  // d
  int64_t query_tile = 64;
  int64_t key_tile = 64;
  int64_t head_tile = 64;
  std::shared_ptr<const Visibility> visibility = visible_all();
};

class PlainAttention {
 public:
  PlainAttention(EncodingPointer encoding, PlainSettings settings)
      : encoding_(std::move(encoding)), settings_(std::move(settings)) {
    const int64_t d = settings_.head_size;
    query_ = random_tensor({settings_.heads, d, settings_.width}, 101, 0.4f);
    key_ = random_tensor({settings_.kv_heads, d, settings_.width}, 102, 0.4f);
    value_ = random_tensor({settings_.kv_heads, d, settings_.width}, 103, 0.4f);
  }

  /// Appends tokens x [T, D] to the sequence and returns the output of their rows, [T, H d].
  /// `positions` are those of the whole sequence, its earlier rows included.
  Tensor append(const Tensor& tokens, const Positions& positions) {
    const int64_t rows = tokens.shape()[0];
    const int64_t total = past_ + rows;
    const Positions now = positions.slice(past_, total);
    const Block block{now, now, 0, total, scale(), scratch_};
    Tensor x = tokens.clone();
    encoding_->embed(x.view(), block);
    Tensor q = projected(query_, x, scale());  // [H, T, d]
    Tensor k = projected(key_, x, 1);          // [G, T, d]
    Tensor v = projected(value_, x, 1);        // [G, T, d]
    encoding_->rotate(q.view(), Role::query, block);
    encoding_->rotate(k.view(), Role::key, block);
    encoding_->rotate(v.view(), Role::value, block);
    keys_ = joined(keys_, k);
    values_ = joined(values_, v);
    Tensor y = attended(q, positions.slice(0, total));
    past_ = total;
    return y;
  }

  /// The whole sequence in one pass, from a clean state.
  Tensor run(const Tensor& tokens, const Positions& positions) {
    past_ = 0;
    keys_ = Tensor();
    values_ = Tensor();
    return append(tokens, positions);
  }
  Tensor run(const Tensor& tokens, int64_t first = 0) {
    return run(tokens, Positions{first, tokens.shape()[0], {}, 1});
  }

 private:
  float scale() const { return 1 / std::sqrt(static_cast<float>(settings_.head_size)); }

  // [heads, T, d]
  static Tensor projected(const Tensor& weight, const Tensor& x, float factor) {
    const Shape& shape = weight.shape();  // [heads, d, D]
    Tensor y({shape[0], x.shape()[0], shape[1]});
    for (int64_t h = 0; h < shape[0]; ++h) {
      for (int64_t t = 0; t < x.shape()[0]; ++t) {
        for (int64_t c = 0; c < shape[1]; ++c) {
          double sum = 0;
          for (int64_t i = 0; i < shape[2]; ++i) {
            sum += static_cast<double>(x.view()(t, i)) * weight.view()(h, c, i);
          }
          y.view()(h, t, c) = static_cast<float>(factor * sum);
        }
      }
    }
    return y;
  }

  // Two tensors [G, T, d] along T.
  static Tensor joined(const Tensor& before, const Tensor& after) {
    if (before.empty()) return after.clone();
    const int64_t past = before.shape()[1];
    Tensor both({after.shape()[0], past + after.shape()[1], after.shape()[2]});
    for (int64_t g = 0; g < after.shape()[0]; ++g) {
      std::ranges::copy(before.view()[g].slice(0, 0, past).row(0).data(),
                        before.view()[g].row(0).data() + past * after.shape()[2],
                        both.view()[g].row(0).data());
      std::ranges::copy(after.view()[g].row(0).data(),
                        after.view()[g].row(0).data() + after.shape()[1] * after.shape()[2],
                        both.view()[g].row(past).data());
    }
    return both;
  }

  // Key heads as query heads see them: consecutive groups share one. [H, T, d] with stride 0.
  template <typename Visit>
  void for_tiles(int64_t queries, int64_t keys, Visit visit) {
    for (int64_t h = 0; h < settings_.heads; h += settings_.head_tile) {
      for (int64_t i = 0; i < queries; i += settings_.query_tile) {
        for (int64_t j = 0; j < keys; j += settings_.key_tile) {
          visit(Range{h, std::min(h + settings_.head_tile, settings_.heads)},
                Range{i, std::min(i + settings_.query_tile, queries)},
                Range{j, std::min(j + settings_.key_tile, keys)});
        }
      }
    }
  }

  Tensor shared(const Tensor& heads) const {  // [G, T, d] -> [H, T, d]
    Tensor all({settings_.heads, heads.shape()[1], heads.shape()[2]});
    const int64_t group = settings_.heads / settings_.kv_heads;
    for (int64_t h = 0; h < settings_.heads; ++h) {
      for (int64_t t = 0; t < heads.shape()[1]; ++t) {
        std::ranges::copy(heads.view()[h / group].row(t), all.view()[h].row(t).begin());
      }
    }
    return all;
  }

  static View part(View whole, Range first, Range second) {
    return whole.slice(0, first.begin, first.end).slice(1, second.begin, second.end);
  }

  Block block_of(const Positions& all, Range heads, Range queries, Range keys) {
    return {all.slice(past_ + queries.begin, past_ + queries.end),
            all.slice(keys.begin, keys.end),
            heads.begin,
            all.count,
            scale(),
            scratch_};
  }

  // q [H, T, d] -> [T, H d]
  Tensor attended(Tensor& q, const Positions& all) {
    const int64_t queries = q.shape()[1], keys = all.count;
    Tensor k = shared(keys_), v = shared(values_);
    Tensor s({settings_.heads, queries, keys});
    products(q, k, s);
    for_tiles(queries, keys, [&](Range h, Range i, Range j) {
      encoding_->score(part(s.view(), h, i).slice(2, j.begin, j.end), part(q.view(), h, i),
                       part(k.view(), h, j), block_of(all, h, i, j));
    });
    soften(s);
    Tensor y({settings_.heads, queries, settings_.head_size});
    averages(s, v, y);
    for_tiles(queries, keys, [&](Range h, Range i, Range j) {
      encoding_->mix(part(y.view(), h, i), part(s.view(), h, i).slice(2, j.begin, j.end),
                     block_of(all, h, i, j));
    });
    return by_row(y);
  }

  static void products(const Tensor& q, const Tensor& k, Tensor& s) {
    for (int64_t h = 0; h < s.shape()[0]; ++h) {
      for (int64_t i = 0; i < s.shape()[1]; ++i) {
        for (int64_t j = 0; j < s.shape()[2]; ++j) {
          double sum = 0;
          for (int64_t c = 0; c < q.shape()[2]; ++c) {
            sum += static_cast<double>(q.view()(h, i, c)) * k.view()(h, j, c);
          }
          s.view()(h, i, j) = static_cast<float>(sum);
        }
      }
    }
  }

  void soften(Tensor& s) const {
    const int64_t keys = s.shape()[2];
    for (int64_t h = 0; h < s.shape()[0]; ++h) {
      for (int64_t i = 0; i < s.shape()[1]; ++i) {
        const auto row = s.view()[h].row(i);
        const Range seen = settings_.visibility->keys(past_ + i, {keys, past_});
        double largest = -std::numeric_limits<double>::infinity(), sum = 0;
        for (int64_t j = seen.begin; j < seen.end; ++j) {
          largest = std::max(largest, static_cast<double>(row[j]));
        }
        for (int64_t j = seen.begin; j < seen.end; ++j) sum += std::exp(row[j] - largest);
        for (int64_t j = 0; j < keys; ++j) {
          const bool visible = j >= seen.begin && j < seen.end;
          row[j] = visible ? static_cast<float>(std::exp(row[j] - largest) / sum) : 0;
        }
      }
    }
  }

  static void averages(const Tensor& p, const Tensor& v, Tensor& y) {
    for (int64_t h = 0; h < y.shape()[0]; ++h) {
      for (int64_t i = 0; i < y.shape()[1]; ++i) {
        for (int64_t c = 0; c < y.shape()[2]; ++c) {
          double sum = 0;
          for (int64_t j = 0; j < p.shape()[2]; ++j) {
            sum += static_cast<double>(p.view()(h, i, j)) * v.view()(h, j, c);
          }
          y.view()(h, i, c) = static_cast<float>(sum);
        }
      }
    }
  }

  static Tensor by_row(const Tensor& y) {  // [H, T, d] -> [T, H d]
    const int64_t heads = y.shape()[0], rows = y.shape()[1], d = y.shape()[2];
    Tensor result({rows, heads * d});
    for (int64_t h = 0; h < heads; ++h) {
      for (int64_t t = 0; t < rows; ++t) {
        std::ranges::copy(y.view()[h].row(t), result.view().row(t).begin() + h * d);
      }
    }
    return result;
  }

  EncodingPointer encoding_;
  PlainSettings settings_;
  Tensor query_, key_, value_;
  Tensor keys_, values_;  // of the sequence so far, rotated. [G, T, d]
  int64_t past_ = 0;
  Scratch scratch_;
};

}  // namespace locus::tests
