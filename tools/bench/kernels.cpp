// Speed of the operations that layers are made of, one line per shape:
//
//     locus_kernels [threads] [milliseconds per shape]
//
// The best of many short runs counts, so that a busy machine disturbs little.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "engine/ops/ops.hpp"
#include "engine/options.hpp"

namespace {

using namespace locus;
using Clock = std::chrono::steady_clock;

struct Settings {
  int threads = 2;
  double milliseconds = 200;
};

// Seconds of the fastest run.
double best_of(const Settings& settings, const std::function<void()>& run) {
  run();
  double best = 1e9;
  const auto seconds_since = [](Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  };
  const auto start = Clock::now();
  do {
    const auto begin = Clock::now();
    run();
    best = std::min(best, seconds_since(begin));
  } while (seconds_since(start) * 1000 < settings.milliseconds);
  return best;
}

Tensor filled(const Shape& shape) {
  Tensor tensor(shape);
  int64_t i = 0;
  for (float& value : tensor.values()) value = static_cast<float>(i++ % 17) * 0.1f - 0.8f;
  return tensor;
}

const char* name_of(Precision precision) {
  if (precision == Precision::f32) return "f32";
  return precision == Precision::bf16 ? "bf16" : "int8";
}

// y = x W^T + b with M rows; GB/s counts the weights, which bound products of few rows.
void linear(const Settings& settings, Precision precision, int64_t inputs, int64_t outputs) {
  const Tensor weight = filled({outputs, inputs});
  const Tensor bias = filled({outputs});
  const auto packed =
      ops::pack_linear({weight.view(), bias.values(), Activation::identity, precision});
  if (packed->precision() != precision) return;
  Team team(settings.threads);
  for (int64_t rows : {1, 4, 16, 64, 128, 512}) {
    const Tensor x = filled({rows, inputs});
    Tensor y({rows, outputs});
    const double seconds = best_of(settings, [&] { packed->apply(x.view(), y.view(), team); });
    const double operations = 2e-9 * static_cast<double>(rows * inputs * outputs);
    std::printf("linear %-4s M %4ld K %5ld N %5ld %9.1f us %8.1f GFLOPS %6.1f GB/s\n",
                name_of(precision), rows, inputs, outputs, seconds * 1e6, operations / seconds,
                1e-9 * static_cast<double>(packed->bytes()) / seconds);
  }
}

// One head of attention: scores and values of one block of queries, on one thread.
void attention(const Settings& settings, int64_t queries, int64_t keys, int64_t size) {
  constexpr int64_t heads = 12;
  const int64_t stride = 3 * heads * size;
  const Tensor qkv = filled({std::max(queries, keys), stride});
  Tensor scores({queries, keys});
  Tensor y({queries, size});
  const ConstView q(qkv.data(), {queries, size}, {stride, 1});
  const ConstView k(qkv.data() + heads * size, {keys, size}, {stride, 1});
  const double scoring = best_of(settings, [&] { ops::multiply_transposed(q, k, scores.view()); });
  const double softmax = best_of(settings, [&] {
    for (int64_t m = 0; m < queries; ++m) ops::softmax(scores.view().row(m), {0, keys});
  });
  const double mixing = best_of(settings, [&] { ops::multiply(scores.view(), k, y.view()); });
  const double operations = 2e-9 * static_cast<double>(queries * keys * size);
  std::printf(
      "attention Tq %3ld Tk %4ld d %3ld  q k^T %6.1f GFLOPS  p v %6.1f GFLOPS  "
      "softmax %5.2f values/ns\n",
      queries, keys, size, operations / scoring, operations / mixing,
      1e-9 * static_cast<double>(queries * keys) / softmax);
}

void rowwise(const Settings& settings) {
  const Tensor a = filled({128, 768});
  const Tensor gain = filled({768});
  Tensor y({128, 768});
  Tensor sum({128, 768});
  const ops::NormWeights weights{ops::NormKind::layer, gain.values(), gain.values(), 1e-12f};
  const auto report = [&](const char* name, const std::function<void()>& run) {
    std::printf("%-16s [128, 768] %6.2f values/ns\n", name,
                1e-9 * 128 * 768 / best_of(settings, run));
  };
  report("norm", [&] { ops::norm(a.view(), y.view(), weights); });
  report("add_norm", [&] { ops::add_norm(a.view(), a.view(), sum.view(), y.view(), weights); });
  report("add", [&] { ops::add(a.view(), a.view(), y.view()); });
  // On fresh values each time: an activation of its own results ends in denormals.
  const auto activate = [&](Activation activation) {
    std::copy_n(a.data(), a.count(), y.data());
    ops::activate(y.view(), activation);
  };
  report("gelu_erf", [&] { activate(Activation::gelu_erf); });
  report("gelu_tanh", [&] { activate(Activation::gelu_tanh); });
  report("silu", [&] { activate(Activation::silu); });
}

}  // namespace

int main(int count, char** arguments) {
  Settings settings;
  if (count > 1) settings.threads = std::atoi(arguments[1]);
  if (count > 2) settings.milliseconds = std::atof(arguments[2]);
  std::printf("%s, %d threads\n", instruction_set().c_str(), settings.threads);
  for (Precision precision : {Precision::f32, Precision::bf16, Precision::int8}) {
    linear(settings, precision, 768, 768);
    linear(settings, precision, 768, 2304);
    linear(settings, precision, 768, 3072);
    linear(settings, precision, 3072, 768);
    linear(settings, precision, 160, 640);
    linear(settings, precision, 384, 1536);
    linear(settings, precision, 384, 1152);
    linear(settings, precision, 1536, 384);
  }
  for (int64_t keys : {16, 128, 512, 2048}) {
    for (int64_t queries : {1, 64}) attention(settings, queries, keys, 64);
  }
  rowwise(settings);
}
