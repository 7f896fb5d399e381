// The panels of oneDNN 2.6.
#include <omp.h>

#include <algorithm>
#include <array>
#include <dnnl.hpp>
#include <mutex>
#include <vector>

#include "base/error.hpp"
#include "engine/core/parts.hpp"
#include "engine/ops/linear/packed_memory.hpp"
#include "engine/ops/onednn/onednn.hpp"

namespace locus::onednn {
namespace {

using dnnl::memory;
using ops::Panels;
using ops::ProductWeights;

constexpr int64_t max_rows_of_call = 128;

// Primitives exist for few numbers of rows, so that a new length seldom means a new compilation.
constexpr std::array<int64_t, 12> row_counts{1,  2,  4,  8,  16,  32,
                                             48, 64, 80, 96, 112, max_rows_of_call};

size_t bucket_of(int64_t rows) {
  return std::lower_bound(row_counts.begin(), row_counts.end(), rows) - row_counts.begin();
}

const dnnl::engine& cpu() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

// One OpenMP thread for the primitives of this thread: the team is the only source of threads, and
// sums must not depend on their number.
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

struct Types {
  memory::data_type input, weight, sum;
};

Types types_of(Operands operands) {
  using type = memory::data_type;
  if (operands == Operands::bf16) return {type::bf16, type::bf16, type::f32};
  return {type::u8, type::s8, type::s32};
}

// The matrices of one product.
struct Description {
  Types types;
  int64_t inputs;
  int64_t columns;

  memory::desc weight(memory::format_tag format) const {
    return {{inputs, columns}, types.weight, format};
  }
  dnnl::matmul::primitive_desc product(int64_t rows, const memory::desc& weight) const {
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    const memory::desc x({rows, inputs}, types.input, memory::format_tag::ab);
    const memory::desc y({rows, columns}, types.sum, memory::format_tag::ab);
    return {{x, weight, y}, attributes, cpu()};
  }
};

// What one thread needs while it runs a primitive.
struct Lane {
  explicit Lane(const dnnl::matmul::primitive_desc& product)
      : stream(cpu()),
        x(product.src_desc(), cpu(), nullptr),
        weight(product.weights_desc(), cpu(), nullptr),
        sums(product.dst_desc(), cpu(), nullptr),
        scratchpad(product.scratchpad_desc(), cpu()) {}

  dnnl::stream stream;
  memory x, weight, sums, scratchpad;
};

// A primitive for one number of rows, and its lanes: as many as ever ran at once.
class Kernel {
 public:
  explicit Kernel(const dnnl::matmul::primitive_desc& product)
      : product_(product), primitive_(product) {}

  void run(const void* x, void* weight, void* sums) {
    std::unique_ptr<Lane> lane = take();
    lane->x.set_data_handle(const_cast<void*>(x));
    lane->weight.set_data_handle(weight);
    lane->sums.set_data_handle(sums);
    const std::array<dnnl_exec_arg_t, 4> arguments{{{DNNL_ARG_SRC, lane->x.get()},
                                                    {DNNL_ARG_WEIGHTS, lane->weight.get()},
                                                    {DNNL_ARG_DST, lane->sums.get()},
                                                    {DNNL_ARG_SCRATCHPAD, lane->scratchpad.get()}}};
    const dnnl_status_t status = dnnl_primitive_execute(
        primitive_.get(), lane->stream.get(), static_cast<int>(arguments.size()), arguments.data());
    give_back(std::move(lane));
    dnnl::error::wrap_c_api(status, "a matrix product failed");
  }

 private:
  std::unique_ptr<Lane> take() {
    {
      const std::lock_guard lock(lock_);
      if (!idle_.empty()) {
        std::unique_ptr<Lane> lane = std::move(idle_.back());
        idle_.pop_back();
        return lane;
      }
    }
    return std::make_unique<Lane>(product_);
  }
  void give_back(std::unique_ptr<Lane> lane) {
    const std::lock_guard lock(lock_);
    idle_.push_back(std::move(lane));
  }

  dnnl::matmul::primitive_desc product_;
  dnnl::matmul primitive_;
  std::mutex lock_;
  std::vector<std::unique_ptr<Lane>> idle_;
};

// The primitives of panels of one width, made when first needed; one weight layout for all.
class Kernels {
 public:
  explicit Kernels(const Description& description)
      : description_(description),
        weight_(
            description.product(64, description.weight(memory::format_tag::any)).weights_desc()) {}

  const memory::desc& weight() const { return weight_; }

  Kernel& of(int64_t rows) {
    const size_t bucket = bucket_of(rows);
    std::call_once(made_[bucket], [&] {
      kernels_[bucket] =
          std::make_unique<Kernel>(description_.product(row_counts[bucket], weight_));
    });
    return *kernels_[bucket];
  }

 private:
  Description description_;
  memory::desc weight_;
  std::array<std::once_flag, row_counts.size()> made_;
  std::array<std::unique_ptr<Kernel>, row_counts.size()> kernels_;
};

// Columns that hold about 128 Ki weights: work enough to hide a call, little enough that a single
// row of inputs still makes several tiles.
int64_t width_for(const ProductWeights& weights) {
  constexpr int64_t step = 64;
  const int64_t wanted = std::clamp<int64_t>((int64_t{1} << 17) / weights.inputs, step, 512);
  const int64_t panels = (weights.outputs + wanted - 1) / wanted;
  const int64_t even = (weights.outputs + panels - 1) / panels;
  return (even + step - 1) / step * step;
}

class MatmulPanels final : public Panels {
 public:
  MatmulPanels(Operands operands, const ProductWeights& weights)
      : types_(types_of(operands)),
        depth_(weights.inputs),
        width_(std::min(weights.outputs, width_for(weights))),
        last_width_((weights.outputs - 1) % width_ + 1),
        count_((weights.outputs + width_ - 1) / width_),
        whole_({types_, weights.inputs, width_}),
        last_({types_, weights.inputs, last_width_}),
        stride_(round_up(whole_.weight().get_size())),
        packed_((count_ - 1) * stride_ + round_up(last_.weight().get_size())) {
    const int64_t row_bytes = weights.inputs * (types_.weight == memory::data_type::bf16 ? 2 : 1);
    const auto pack_panel = [&](int64_t panel, Room& room) {
      const OneThread guard;
      const int64_t columns = panel + 1 == count_ ? last_width_ : width_;
      room.rows.resize(width_ * row_bytes);
      weights.write({panel * width_, columns, room.rows.data(), row_bytes}, room.read);
      pack(panel, {weights.inputs, columns}, room.rows.data());
    };
    core::for_each_part<Room>(count_, weights.team, pack_panel);
  }

  int64_t count() const override { return count_; }
  int64_t width() const override { return width_; }
  int64_t bytes() const override { return packed_.bytes(); }
  int64_t depth() const override { return depth_; }
  int64_t max_rows() const override { return max_rows_of_call; }
  int64_t padded_rows(int64_t rows) const override { return row_counts[bucket_of(rows)]; }

  void multiply(int64_t panel, int64_t rows, const void* x, void* sums, int64_t) const override {
    const OneThread guard;
    Kernels& kernels = panel + 1 == count_ ? last_ : whole_;
    kernels.of(rows).run(x, at(panel), sums);
  }

 private:
  struct Room {
    std::vector<std::byte> rows;
    Tensor read;
  };

  static int64_t round_up(size_t bytes) { return static_cast<int64_t>((bytes + 63) / 64 * 64); }

  void* at(int64_t panel) const {
    return static_cast<std::byte*>(packed_.data()) + panel * stride_;
  }

  void pack(int64_t panel, const memory::dims& shape, void* rows) {
    memory source({shape, types_.weight, memory::format_tag::ba}, cpu(), rows);
    memory target((panel + 1 == count_ ? last_ : whole_).weight(), cpu(), at(panel));
    dnnl::stream stream(cpu());
    dnnl::reorder(source, target).execute(stream, source, target);
    stream.wait();
  }

  Types types_;
  int64_t depth_;
  int64_t width_;
  int64_t last_width_;
  int64_t count_;
  mutable Kernels whole_;
  mutable Kernels last_;
  int64_t stride_;  // bytes from panel to panel
  ops::PackedMemory packed_;
};

}  // namespace

bool limit(InstructionSet level) {
  if (level == InstructionSet::best) return true;
  const auto isa = level == InstructionSet::sse4   ? dnnl::cpu_isa::sse41
                   : level == InstructionSet::avx2 ? dnnl::cpu_isa::avx2
                                                   : dnnl::cpu_isa::avx512_core;
  return dnnl::set_max_cpu_isa(isa) == dnnl::status::success;
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

bool native(Operands operands) {
  const std::string best = instruction_set();
  if (best == "amx" || best == "avx512_bf16") return true;
  return operands == Operands::u8s8 && best == "avx512_vnni";
}

std::unique_ptr<Panels> pack(Operands operands, const ProductWeights& weights) {
  const OneThread guard;
  try {
    return std::make_unique<MatmulPanels>(operands, weights);
  } catch (const dnnl::error& error) {
    throw Error("oneDNN", "primitives for this precision", error.what());
  }
}

}  // namespace locus::onednn
