// Activations of a vector. Compiled once for each instruction set, as simd.hpp is. Bounds stand
// first in minima and maxima: x86 then lets NaN through.
#if defined(LOCUS_ENGINE_OPS_SIMD_ACTIVATION_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOCUS_ENGINE_OPS_SIMD_ACTIVATION_HPP
#undef LOCUS_ENGINE_OPS_SIMD_ACTIVATION_HPP
#else
#define LOCUS_ENGINE_OPS_SIMD_ACTIVATION_HPP
#endif

#include "engine/ops/ops.hpp"
#include "engine/ops/simd/simd.hpp"
#include "hwy/contrib/math/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace locus::ops {
namespace HWY_NAMESPACE {

struct Identity {
  HWY_INLINE Vector operator()(Vector x) const { return x; }
};

struct Relu {
  HWY_INLINE Vector operator()(Vector x) const { return hn::Max(hn::Zero(Lanes()), x); }
};

struct Sigmoid {
  HWY_INLINE Vector operator()(Vector x) const {
    const Lanes lanes;
    const Vector one = hn::Set(lanes, 1.0f);
    // exp(88) is finite, so that 1 / (1 + exp(-x)) never divides infinities.
    const Vector bounded = hn::Min(hn::Set(lanes, 88.0f), hn::Neg(x));
    return hn::Div(one, hn::Add(one, exponential(bounded)));
  }
};

struct Silu {
  HWY_INLINE Vector operator()(Vector x) const { return hn::Mul(x, Sigmoid()(x)); }
};

struct Tanh {
  HWY_INLINE Vector operator()(Vector x) const {
    const Lanes lanes;
    const Vector bounded = hn::Max(hn::Set(lanes, -20.0f), hn::Min(hn::Set(lanes, 20.0f), x));
    return hn::Tanh(lanes, bounded);
  }
};

// Hendrycks and Gimpel 2016, section 2: 1 + tanh(u) = 2 sigmoid(2 u), u = sqrt(2 / pi) (...).
struct GeluTanh {
  HWY_INLINE Vector operator()(Vector x) const {
    const Lanes lanes;
    const Vector cubic = hn::Set(lanes, 1.5957691216057308f * 0.044715f);
    const Vector linear = hn::Set(lanes, 1.5957691216057308f);
    const Vector twice_u = hn::Mul(x, hn::MulAdd(cubic, hn::Mul(x, x), linear));
    return hn::Mul(x, Sigmoid()(twice_u));
  }
};

// x (1 + erf(x / sqrt(2))) / 2 with erfc(z) = polynomial(1 / (1 + 0.3275911 z)) exp(-z^2) for
// z >= 0, error below 1.5e-7: Abramowitz and Stegun 1964, formula 7.1.26. Built on erfc, so that
// negative values do not cancel.
struct GeluErf {
  HWY_INLINE Vector operator()(Vector x) const {
    const Lanes lanes;
    const Vector one = hn::Set(lanes, 1.0f);
    const Vector z = hn::Mul(hn::Abs(x), hn::Set(lanes, 0.70710678118654752f));
    const Vector t = hn::Div(one, hn::MulAdd(z, hn::Set(lanes, 0.3275911f), one));
    Vector sum = hn::Set(lanes, 1.061405429f);
    for (float term : {-1.453152027f, 1.421413741f, -0.284496736f, 0.254829592f}) {
      sum = hn::MulAdd(sum, t, hn::Set(lanes, term));
    }
    const Vector erfc = hn::Mul(hn::Mul(sum, t), exponential(hn::Neg(hn::Mul(z, z))));
    const Vector half = hn::Mul(x, hn::Set(lanes, 0.5f));
    const Vector tail = hn::Mul(half, erfc);
    return hn::IfThenElse(hn::Lt(x, hn::Zero(lanes)), tail, hn::Sub(x, tail));
  }
};

// Hendrycks and Gimpel 2016, section 2: x sigmoid(1.702 x).
struct QuickGelu {
  HWY_INLINE Vector operator()(Vector x) const {
    return hn::Mul(x, Sigmoid()(hn::Mul(hn::Set(Lanes(), 1.702f), x)));
  }
};

// Bounds between -10 and 10: Zafrir et al. 2019.
struct Gelu10 {
  HWY_INLINE Vector operator()(Vector x) const {
    const Lanes lanes;
    return hn::Min(hn::Set(lanes, 10.0f), hn::Max(hn::Set(lanes, -10.0f), GeluErf()(x)));
  }
};

// So et al. 2021, section 4.
struct ReluSquared {
  HWY_INLINE Vector operator()(Vector x) const {
    const Vector positive = Relu()(x);
    return hn::Mul(positive, positive);
  }
};

struct Relu6 {
  HWY_INLINE Vector operator()(Vector x) const {
    return hn::Min(hn::Set(Lanes(), 6.0f), Relu()(x));
  }
};

struct LeakyRelu {
  HWY_INLINE Vector operator()(Vector x) const {
    const Lanes lanes;
    return hn::IfThenElse(hn::Lt(x, hn::Zero(lanes)), hn::Mul(x, hn::Set(lanes, 0.01f)), x);
  }
};

// Misra 2019: x tanh(ln(1 + e^x)) = x n / (n + 2) with n = e^x (e^x + 2).
struct Mish {
  HWY_INLINE Vector operator()(Vector x) const {
    const Lanes lanes;
    const Vector two = hn::Set(lanes, 2.0f);
    // Beyond 20 the quotient is 1 in f32, and the square stays finite.
    const Vector power = exponential(hn::Min(hn::Set(lanes, 20.0f), x));
    const Vector n = hn::Mul(power, hn::Add(power, two));
    return hn::Mul(x, hn::Div(n, hn::Add(n, two)));
  }
};

// Ma et al. 2022, section 3.3: (1 + erf(z)) / 2 with z = (x - mu) / (sigma sqrt(2)), by the erfc of
// GeluErf.
struct Laplace {
  HWY_INLINE Vector operator()(Vector x) const {
    const Lanes lanes;
    const Vector one = hn::Set(lanes, 1.0f), half = hn::Set(lanes, 0.5f);
    const Vector shifted = hn::Sub(x, hn::Set(lanes, 0.707107f));
    const Vector z = hn::Mul(shifted, hn::Set(lanes, 1 / (0.282095f * 1.41421356f)));
    const Vector size = hn::Abs(z);
    const Vector t = hn::Div(one, hn::MulAdd(size, hn::Set(lanes, 0.3275911f), one));
    Vector sum = hn::Set(lanes, 1.061405429f);
    for (float term : {-1.453152027f, 1.421413741f, -0.284496736f, 0.254829592f}) {
      sum = hn::MulAdd(sum, t, hn::Set(lanes, term));
    }
    const Vector erfc = hn::Mul(hn::Mul(sum, t), exponential(hn::Neg(hn::Mul(z, z))));
    const Vector tail = hn::Mul(half, erfc);
    return hn::IfThenElse(hn::Lt(z, hn::Zero(lanes)), tail, hn::Sub(one, tail));
  }
};

// Calls `use` with the activation as an object.
template <typename Use>
HWY_INLINE void with_activation(Activation activation, const Use& use) {
  switch (activation) {
    case Activation::identity:
      return use(Identity());
    case Activation::relu:
      return use(Relu());
    case Activation::gelu_erf:
      return use(GeluErf());
    case Activation::gelu_tanh:
      return use(GeluTanh());
    case Activation::silu:
      return use(Silu());
    case Activation::tanh:
      return use(Tanh());
    case Activation::sigmoid:
      return use(Sigmoid());
    case Activation::quick_gelu:
      return use(QuickGelu());
    case Activation::gelu_10:
      return use(Gelu10());
    case Activation::relu_squared:
      return use(ReluSquared());
    case Activation::relu6:
      return use(Relu6());
    case Activation::leaky_relu:
      return use(LeakyRelu());
    case Activation::mish:
      return use(Mish());
    case Activation::laplace:
      return use(Laplace());
  }
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace locus::ops
HWY_AFTER_NAMESPACE();

#endif  // LOCUS_ENGINE_OPS_SIMD_ACTIVATION_HPP
