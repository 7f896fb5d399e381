// Attention, written once. Vaswani et al. 2017, section 3.2; grouped queries: Ainslie et al. 2023.
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "engine/layers/attention/head_norm.hpp"
#include "engine/layers/attention/heads.hpp"
#include "engine/layers/attention/memory_rows.hpp"
#include "engine/layers/attention/tiles.hpp"
#include "engine/layers/attention/visibility.hpp"
#include "engine/layers/makers.hpp"

namespace locus::layers {
namespace {

/// What self- and cross-attention share: heads, encoding, visibility and the output projection.
class Attention : public Layer {
 public:
  explicit Attention(const NodeReader& reader)
      : heads_(reader),
        encoding_(reader.encoding()),
        visibility_(visibility_of(reader.node())),
        name_(reader.name()),
        limit_(static_cast<float>(reader.number("limit", 0))),
        soft_cap_(static_cast<float>(reader.number("soft_cap", 0))),
        cache_index_(reader.cache_index()) {
    if (limit_ < 0) throw Error(name_, "a limit of 0 or more", std::to_string(limit_));
    if (!(soft_cap_ >= 0)) {
      throw Error(name_, "a soft_cap of 0 or more", std::to_string(soft_cap_));
    }
    const Tensor output = reader.take("output", {-1, heads_.query_width()});  // [Do, H d]
    const Tensor bias = reader.take_optional("output_bias", {output.shape()[0]});
    const Tensor* const weights[] = {&output};
    const Tensor* const biases[] = {&bias};
    output_ = reader.pack(weights, biases);
  }
  int64_t width() const override { return output_->outputs(); }

 protected:
  AttentionTiles tiles(Run& run) const {
    return {heads_, {*encoding_, *visibility_, soft_cap_}, name_, run};
  }
  /// Bounds new rows of q, k or v, [rows, heads d], where they lie; `scale` is already in them.
  void bound(View rows, float scale, Run& run) const;
  /// Rotates them.
  void rotate(View rows, Role role, Run& run) const;

  Heads heads_;
  std::shared_ptr<const PositionalEncoding> encoding_;
  std::shared_ptr<const Visibility> visibility_;
  std::string name_;
  float limit_;     // of projected values; 0: none
  float soft_cap_;  // of scores; 0: none
  int cache_index_;
  std::unique_ptr<ops::PackedLinear> output_;
};

void Attention::bound(View rows, float scale, Run& run) const {
  if (limit_ == 0) return;
  const float max = limit_ * std::abs(scale);
  for_rows(run, rows.size(0), rows.size(1), [&](int64_t begin, int64_t end, int) {
    for (int64_t row = begin; row < end; ++row) {
      for (float& value : rows.row(row)) value = std::clamp(value, -max, max);
    }
  });
}

void Attention::rotate(View rows, Role role, Run& run) const {
  for (int64_t sequence = 0; sequence < run.rows.sequences(); ++sequence) {
    const int64_t first = run.rows.offsets[sequence];
    for_rows(
        run, run.rows.length(sequence), rows.size(1), [&](int64_t begin, int64_t end, int worker) {
          const Positions positions = run.rows.new_positions(sequence, begin, end);
          const Block block{positions,      positions,          0, run.rows.total(sequence),
                            heads_.scale(), run.scratch[worker]};
          encoding_->rotate(heads_.split(rows.slice(0, first + begin, first + end)), role, block);
        });
  }
}

class SelfAttention : public Attention {
 public:
  explicit SelfAttention(const NodeReader& reader)
      : Attention(reader),
        query_norm_(reader, "query_norm", heads_, heads_.scale()),
        key_norm_(reader, "key_norm", heads_),
        memory_rows_(reader, heads_) {
    if (memory_rows_.count() > 0 && reader.has("key_norm")) {
      throw Error(name_, "no rows before a sequence where keys have a norm",
                  std::to_string(memory_rows_.count()));
    }
    const Tensor query = heads_.take_query(reader), key = heads_.take_key(reader),
                 value = heads_.take_value(reader);
    const Tensor query_bias = heads_.take_query_bias(reader),
                 key_bias = reader.take_optional("key_bias", {heads_.key_width()}),
                 value_bias = reader.take_optional("value_bias", {heads_.key_width()});
    const Tensor* const weights[] = {&query, &key, &value};
    const Tensor* const biases[] = {&query_bias, &key_bias, &value_bias};
    projection_ = reader.pack(weights, biases);
  }
  int64_t bytes() const override { return projection_->bytes() + output_->bytes(); }

  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    const Scratch::Frame frame(run.shared);
    const int64_t rows = inputs[0].size(0), q = heads_.query_width(), k = heads_.key_width();
    const View projected = run.shared.matrix(rows, q + 2 * k);  // [rows, (H + 2 G) d]
    projection_->apply(inputs[0], projected, run.team);
    const View queries = projected.slice(1, 0, q), keys = projected.slice(1, q, q + k),
               values = projected.slice(1, q + k, q + 2 * k);
    bound(queries, heads_.projected_scale(), run);
    bound(projected.slice(1, q, q + 2 * k), 1, run);
    query_norm_.apply(queries, run);
    key_norm_.apply(keys, run);
    rotate(queries, Role::query, run);
    rotate(keys, Role::key, run);
    rotate(values, Role::value, run);
    const View context = run.shared.matrix(rows, q);  // [rows, H d]
    if (run.caching) append(keys, values, run);
    tiles(run).attend(queries, context, [&](int64_t sequence) {
      return run.caching ? cached(sequence, run) : fresh(keys, values, sequence, run);
    });
    output_->apply(context, outputs[0], run.team);
  }

 private:
  KeysAndValues fresh(View keys, View values, int64_t sequence, Run& run) const {
    const int64_t begin = run.rows.offsets[sequence], end = run.rows.offsets[sequence + 1];
    const View own_keys = keys.slice(0, begin, end), own_values = values.slice(0, begin, end);
    const Positions positions = run.rows.all_positions(sequence);
    const int64_t memory_rows = memory_rows_.count();
    if (memory_rows == 0) return {own_keys, own_values, positions};
    const View all_keys = run.shared.matrix(memory_rows + end - begin, heads_.key_width()),
               all_values = run.shared.matrix(memory_rows + end - begin, heads_.key_width());
    begin_sequence(all_keys, all_values, sequence, run);
    copy_rows(own_keys, all_keys.slice(0, memory_rows, all_keys.size(0)));
    copy_rows(own_values, all_values.slice(0, memory_rows, all_values.size(0)));
    return {all_keys, all_values, memory_rows_.extended(positions, run.shared), memory_rows};
  }

  KeysAndValues cached(int64_t sequence, Run& run) const {
    const int64_t rows = memory_rows_.count() + run.rows.total(sequence), k = heads_.key_width();
    session::KeyValueCache::Slot& slot = run.caches[cache_index_].reserve(sequence, rows, k, rows);
    return {View(slot.keys.data(), {rows, k}), View(slot.values.data(), {rows, k}),
            memory_rows_.extended(run.rows.all_positions(sequence), run.shared),
            memory_rows_.count()};
  }

  void append(ConstView keys, ConstView values, Run& run) const {
    session::KeyValueCache& cache = run.caches[cache_index_];
    cache.memory_rows = memory_rows_.count();
    for (int64_t sequence = 0; sequence < run.rows.sequences(); ++sequence) {
      const int64_t past = run.rows.past[sequence], k = heads_.key_width();
      const int64_t first = past > 0 ? cache.memory_rows + past : 0,
                    rows = cache.memory_rows + run.rows.total(sequence);
      const int64_t begin = run.rows.offsets[sequence], end = run.rows.offsets[sequence + 1];
      session::KeyValueCache::Slot& slot = cache.reserve(sequence, rows, k, first);
      const View all_keys(slot.keys.data(), {rows, k}), all_values(slot.values.data(), {rows, k});
      if (past == 0) begin_sequence(all_keys, all_values, sequence, run);
      copy_rows(keys.slice(0, begin, end), all_keys.slice(0, cache.memory_rows + past, rows));
      copy_rows(values.slice(0, begin, end), all_values.slice(0, cache.memory_rows + past, rows));
    }
  }

  /// Writes what stands before a sequence into its first rows, [before + rows, G d].
  void begin_sequence(View keys, View values, int64_t sequence, Run& run) const {
    const int64_t memory_rows = memory_rows_.count();
    if (memory_rows == 0) return;
    memory_rows_.write(keys, values);
    const Scratch::Frame frame(run.shared);
    const Positions positions =
        memory_rows_.extended(run.rows.all_positions(sequence), run.shared).slice(0, memory_rows);
    const Block block{positions,      positions, 0, run.rows.total(sequence),
                      heads_.scale(), run.shared};
    encoding_->rotate(heads_.split(keys.slice(0, 0, memory_rows)), Role::key, block);
    encoding_->rotate(heads_.split(values.slice(0, 0, memory_rows)), Role::value, block);
  }

  static void copy_rows(ConstView from, View to) {
    for (int64_t row = 0; row < from.size(0); ++row) {
      std::ranges::copy(from.row(row), to.row(row).begin());
    }
  }

  HeadNorm query_norm_;
  HeadNorm key_norm_;
  MemoryRows memory_rows_;
  std::unique_ptr<ops::PackedLinear> projection_;
};

/// Queries of the decoder, keys and values of the encoder's rows, which are projected once.
class CrossAttention : public Attention {
 public:
  explicit CrossAttention(const NodeReader& reader) : Attention(reader) {
    if (reader.has("query_norm") || reader.has("key_norm")) {
      throw Error(name_, "norms of queries and keys in self-attention alone", "a memory");
    }
    const Tensor query = heads_.take_query(reader), query_bias = heads_.take_query_bias(reader);
    const Tensor* const query_weights[] = {&query};
    const Tensor* const query_biases[] = {&query_bias};
    query_ = reader.pack(query_weights, query_biases);
    const Tensor key = heads_.take_key(reader, 1), value = heads_.take_value(reader, 1),
                 key_bias = reader.take_optional("key_bias", {heads_.key_width()}),
                 value_bias = reader.take_optional("value_bias", {heads_.key_width()});
    const Tensor* const memory_weights[] = {&key, &value};
    const Tensor* const memory_biases[] = {&key_bias, &value_bias};
    memory_ = reader.pack(memory_weights, memory_biases);
  }
  int64_t bytes() const override { return query_->bytes() + memory_->bytes() + output_->bytes(); }

  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    const Scratch::Frame frame(run.shared);
    const int64_t q = heads_.query_width(), k = heads_.key_width();
    const View queries = run.shared.matrix(inputs[0].size(0), q);  // [rows, H d]
    query_->apply(inputs[0], queries, run.team);
    bound(queries, heads_.scale(), run);
    const View memory = project(inputs[1], run);  // [memory rows, 2 G d]
    const View context = run.shared.matrix(inputs[0].size(0), q);
    tiles(run).attend(queries, context, [&](int64_t sequence) {
      const int64_t source = run.rows.source[sequence];
      const View rows = memory.slice(0, run.memory.offsets[source], run.memory.offsets[source + 1]);
      return KeysAndValues{rows.slice(1, 0, k), rows.slice(1, k, 2 * k),
                           run.memory.all_positions(source)};
    });
    output_->apply(context, outputs[0], run.team);
  }

 private:
  View project(ConstView memory, Run& run) const {
    session::KeyValueCache& cache = run.caches[cache_index_];
    const int64_t rows = memory.size(0), k = heads_.key_width();
    if (cache.memory.count() < rows * 2 * k) cache.memory = Tensor(Shape{rows, 2 * k});
    const View projected(cache.memory.data(), {rows, 2 * k});
    if (!cache.memory_ready) {
      memory_->apply(memory, projected, run.team);
      bound(projected, 1, run);
    }
    cache.memory_ready = true;
    return projected;
  }

  std::unique_ptr<ops::PackedLinear> query_;
  std::unique_ptr<ops::PackedLinear> memory_;
};

}  // namespace

std::unique_ptr<Layer> make_attention(const NodeReader& reader) {
  if (reader.inputs() == 2) return std::make_unique<CrossAttention>(reader);
  return std::make_unique<SelfAttention>(reader);
}

}  // namespace locus::layers
