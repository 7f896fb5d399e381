#include <algorithm>

#include "base/error.hpp"
#include "engine/layers/attention/attention.hpp"
#include "engine/layers/attention/global_rows.hpp"
#include "engine/layers/attention/head_norm.hpp"
#include "engine/layers/attention/memory_rows.hpp"

namespace locus::layers {
namespace {

class SelfAttention : public Attention {
 public:
  explicit SelfAttention(const NodeReader& reader)
      : Attention(reader),
        query_norm_(reader, "query_norm", heads_, heads_.scale()),
        key_norm_(reader, "key_norm", heads_),
        memory_rows_(reader, heads_),
        global_(reader, heads_) {
    check_sides();
    if (memory_rows_.count() > 0 && heads_.norms_keys()) {
      throw Error(name_, "no rows before a sequence where keys have a norm",
                  std::to_string(memory_rows_.count()));
    }
    const Tensor query_bias = heads_.take_query_bias(reader),
                 key_bias = reader.take_optional("key_bias", {heads_.key_width()}),
                 value_bias = reader.take_optional("value_bias", {heads_.key_width()});
    const Tensor* const biases[] = {&query_bias, &key_bias, &value_bias};
    projection_ = reader.pack(
        {heads_.query_rows(reader), heads_.key_rows(reader), heads_.value_rows(reader)}, biases);
  }
  int64_t bytes() const override {
    return projection_->bytes() + global_.bytes() + output_->bytes();
  }

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
    const auto memory = [&](int64_t sequence) {
      return run.caching ? cached(sequence, run) : fresh(keys, values, sequence, run);
    };
    if (global_.any()) {
      const auto others = [&](int64_t sequence) { return global_.others(sequence, run); };
      tiles(run).attend(queries, context, memory, others);
      attend_globally(inputs[0], context, run);
    } else {
      tiles(run).attend(queries, context, memory);
    }
    output_->apply(context, outputs[0], run.team);
  }

 private:
  /// What knows the rows of both sides of a query at once is no part of what decodes.
  void check_sides() const {
    if (!global_.any() && !types_.any()) return;
    if (visibility_->causal() || memory_rows_.count() > 0) {
      throw Error(name_, "global rows and types where queries see both sides",
                  "a causal visibility");
    }
    if (global_.any() && (limit_ != 0 || heads_.normed())) {
      throw Error(name_, "global rows without a limit and norms of heads", "both");
    }
  }

  /// The rows of `context` that see all.
  void attend_globally(ConstView x, View context, Run& run) const {
    const auto [queries, keys, values] = global_.project(x, run);
    rotate(queries, Role::query, run);
    rotate(keys, Role::key, run);
    rotate(values, Role::value, run);
    const ScoreRules rules{*encoding_, global_.visibility(), soft_cap_, types_, products_};
    AttentionTiles(heads_, rules, name_, run)
        .attend(
            queries, context,
            [&, keys = keys, values = values](int64_t sequence) {
              return own_rows(keys, values, sequence, run);
            },
            [&](int64_t sequence) { return global_.of(sequence, run); });
  }

  static KeysAndValues own_rows(View keys, View values, int64_t sequence, Run& run) {
    const int64_t begin = run.rows.offsets[sequence], end = run.rows.offsets[sequence + 1];
    return {keys.slice(0, begin, end), values.slice(0, begin, end),
            run.rows.all_positions(sequence)};
  }

  KeysAndValues fresh(View keys, View values, int64_t sequence, Run& run) const {
    KeysAndValues own = own_rows(keys, values, sequence, run);
    own.everywhere = global_.of(sequence, run);
    const int64_t memory_rows = memory_rows_.count(), rows = memory_rows + own.keys.size(0);
    if (memory_rows == 0) return own;
    const View all_keys = run.shared.matrix(rows, heads_.key_width()),
               all_values = run.shared.matrix(rows, heads_.key_width());
    begin_sequence(all_keys, all_values, sequence, run);
    copy_rows(own.keys, all_keys.slice(0, memory_rows, rows));
    copy_rows(own.values, all_values.slice(0, memory_rows, rows));
    return {all_keys, all_values, memory_rows_.extended(own.positions, run.shared), memory_rows};
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
  GlobalRows global_;
  std::unique_ptr<ops::PackedLinear> projection_;
};

}  // namespace

std::unique_ptr<Layer> make_self_attention(const NodeReader& reader) {
  return std::make_unique<SelfAttention>(reader);
}

}  // namespace locus::layers
