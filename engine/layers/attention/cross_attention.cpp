#include "base/error.hpp"
#include "engine/layers/attention/attention.hpp"

namespace locus::layers {
namespace {

/// Queries of the decoder, keys and values of the encoder's rows, which are projected once.
class CrossAttention : public Attention {
 public:
  explicit CrossAttention(const NodeReader& reader) : Attention(reader) {
    if (heads_.normed()) {
      throw Error(name_, "norms of queries and keys in self-attention alone", "a memory");
    }
    if (types_.any() || reader.text("global", "none") != "none") {
      throw Error(name_, "types and global rows in self-attention alone", "a memory");
    }
    query_ = heads_.pack_query(reader);
    memory_ = heads_.pack_memory(reader, 1);
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

std::unique_ptr<Layer> make_cross_attention(const NodeReader& reader) {
  return std::make_unique<CrossAttention>(reader);
}

}  // namespace locus::layers
