// oneDNN 2.6.
#include <omp.h>

#include <cstring>
#include <dnnl.hpp>
#include <map>
#include <mutex>
#include <vector>

#include "engine/error.hpp"
#include "engine/ops/onednn.hpp"

namespace locus::onednn {
namespace {

using dnnl::memory;

const dnnl::engine& cpu() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

// One OpenMP thread for this thread's primitives: the team is the only source of threads.
class OneThread {
 public:
  OneThread() : before_(omp_get_max_threads()) {
    if (before_ != 1) omp_set_num_threads(1);
  }
  ~OneThread() {
    if (before_ != 1) omp_set_num_threads(before_);
  }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

dnnl::post_ops post_ops_of(Activation activation) {
  dnnl::post_ops operations;
  const auto append = [&](dnnl::algorithm algorithm, float alpha = 0) {
    operations.append_eltwise(1, algorithm, alpha, 0);
  };
  switch (activation) {
    case Activation::identity:
      break;
    case Activation::relu:
      append(dnnl::algorithm::eltwise_relu);
      break;
    case Activation::gelu_erf:
      append(dnnl::algorithm::eltwise_gelu_erf);
      break;
    case Activation::gelu_tanh:
      append(dnnl::algorithm::eltwise_gelu_tanh);
      break;
    case Activation::silu:
      append(dnnl::algorithm::eltwise_swish, 1);
      break;
    case Activation::tanh:
      append(dnnl::algorithm::eltwise_tanh);
      break;
    case Activation::sigmoid:
      append(dnnl::algorithm::eltwise_logistic);
      break;
  }
  return operations;
}

constexpr int64_t tile_rows = 64;

class Linear final : public PackedLinear {
 public:
  explicit Linear(const LinearWeights& weights)
      : inputs_(weights.weight.size(1)),
        outputs_(weights.weight.size(0)),
        bias_(weights.bias.begin(), weights.bias.end()),
        activation_(weights.activation) {
    const OneThread guard;
    const auto description = describe(
        tile_rows,
        memory::desc({inputs_, outputs_}, memory::data_type::f32, memory::format_tag::any));
    packed_ = memory(description.weights_desc(), cpu());
    const memory::desc given({inputs_, outputs_}, memory::data_type::f32,
                             {1, weights.weight.stride(0)});
    memory source(given, cpu(), const_cast<float*>(weights.weight.data));
    dnnl::stream stream(cpu());
    dnnl::reorder(source, packed_).execute(stream, source, packed_);
    stream.wait();
  }

  int64_t inputs() const override { return inputs_; }
  int64_t outputs() const override { return outputs_; }
  int64_t bytes() const override { return static_cast<int64_t>(packed_.get_desc().get_size()); }
  Precision precision() const override { return Precision::f32; }

  void apply(ConstView x, View y, Team& team) const override {
    const int64_t tiles = (x.size(0) + tile_rows - 1) / tile_rows;
    team.parallel(tiles, [&](int64_t tile, int) {
      const int64_t begin = tile * tile_rows;
      const int64_t end = std::min(x.size(0), begin + tile_rows);
      run(x.slice(0, begin, end), y.slice(0, begin, end));
    });
  }

 private:
  dnnl::matmul::primitive_desc describe(int64_t rows, const memory::desc& weight) const {
    const auto f32 = memory::data_type::f32;
    const auto ab = memory::format_tag::ab;
    dnnl::primitive_attr attributes;
    attributes.set_post_ops(post_ops_of(activation_));
    const memory::desc x({rows, inputs_}, f32, ab);
    const memory::desc y({rows, outputs_}, f32, ab);
    if (bias_.empty()) return {{x, weight, y}, attributes, cpu()};
    return {{x, weight, memory::desc({1, outputs_}, f32, ab), y}, attributes, cpu()};
  }

  const dnnl::matmul& kernel(int64_t rows) const {
    const std::lock_guard lock(lock_);
    auto found = kernels_.find(rows);
    if (found == kernels_.end()) {
      found = kernels_.emplace(rows, dnnl::matmul(describe(rows, packed_.get_desc()))).first;
    }
    return found->second;
  }

  void run(ConstView x, View y) const {
    const OneThread guard;
    const int64_t rows = x.size(0);
    std::vector<float> in(rows * inputs_), out(rows * outputs_);
    for (int64_t m = 0; m < rows; ++m) std::memcpy(&in[m * inputs_], x.row(m).data(), inputs_ * 4);
    const auto f32 = memory::data_type::f32;
    const auto ab = memory::format_tag::ab;
    dnnl::stream stream(cpu());
    memory source({{rows, inputs_}, f32, ab}, cpu(), in.data());
    memory result({{rows, outputs_}, f32, ab}, cpu(), out.data());
    std::unordered_map<int, memory> arguments{
        {DNNL_ARG_SRC, source}, {DNNL_ARG_WEIGHTS, packed_}, {DNNL_ARG_DST, result}};
    if (!bias_.empty()) {
      arguments[DNNL_ARG_BIAS] =
          memory({{1, outputs_}, f32, ab}, cpu(), const_cast<float*>(bias_.data()));
    }
    kernel(rows).execute(stream, arguments);
    stream.wait();
    for (int64_t m = 0; m < rows; ++m)
      std::memcpy(y.row(m).data(), &out[m * outputs_], outputs_ * 4);
  }

  int64_t inputs_;
  int64_t outputs_;
  std::vector<float> bias_;
  Activation activation_;
  memory packed_;
  mutable std::mutex lock_;
  mutable std::map<int64_t, dnnl::matmul> kernels_;
};

}  // namespace

bool limit(InstructionSet level) {
  const auto isa = level == InstructionSet::sse4   ? dnnl::cpu_isa::sse41
                   : level == InstructionSet::avx2 ? dnnl::cpu_isa::avx2
                                                   : dnnl::cpu_isa::avx512_core;
  return level == InstructionSet::best || dnnl::set_max_cpu_isa(isa) == dnnl::status::success;
}

std::string instruction_set() {
  switch (dnnl::get_effective_cpu_isa()) {
    case dnnl::cpu_isa::avx512_core_amx:
      return "amx";
    case dnnl::cpu_isa::avx512_core_bf16:
      return "avx512_bf16";
    case dnnl::cpu_isa::avx512_core_vnni:
      return "avx512_vnni";
    case dnnl::cpu_isa::avx512_core:
      return "avx512";
    case dnnl::cpu_isa::avx2_vnni:
    case dnnl::cpu_isa::avx2:
      return "avx2";
    default:
      return "sse4";
  }
}

void multiply(ConstView a, ConstView b, View c, bool transposed, float accumulate) {
  if (c.size(0) == 0 || c.size(1) == 0) return;
  const OneThread guard;
  dnnl::sgemm('N', transposed ? 'T' : 'N', c.size(0), c.size(1), a.size(1), 1, a.data, a.stride(0),
              b.data, b.stride(0), accumulate, c.data, c.stride(0));
}

std::unique_ptr<PackedLinear> pack_linear(const LinearWeights& weights) {
  return std::make_unique<Linear>(weights);
}

}  // namespace locus::onednn
