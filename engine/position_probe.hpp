// What an encoding does, as matrices to print, draw and compare.
#pragma once

#include <cstdint>
#include <functional>

#include "position.hpp"
#include "tensor.hpp"

namespace locus {

/// What an encoding is asked about.
struct Probe {
  int64_t length = 32;               ///< T: positions 0 ... T - 1 of one sequence
  int64_t width = 128;               ///< D
  int64_t heads = 1;                 ///< H, as in the context that the encoding was made for
  int64_t head_size = 64;            ///< d
  std::function<void()> check = {};  ///< called every few milliseconds; throws to give up
};

/// What `embed` adds to zero rows; all zero for encodings that add nothing. [T, D]
/// Throws Error where the encoding represents fewer positions.
Tensor added_rows(const PositionalEncoding& encoding, const Probe& probe);

/// (1, ..., 1) / sqrt(d) at every position, rotated as a query or as a key; all the same where
/// nothing is rotated. [T, d]
Tensor rotated_rows(const PositionalEncoding& encoding, const Probe& probe, Role role = Role::key);

/// Inner products of the rows of two matrices of equal width. [rows of a, rows of b] `check` as in
/// `Probe`. Throws Error for two widths.
Tensor inner_products(const Tensor& a, const Tensor& b, const std::function<void()>& check = {});

/// What `score` adds by head and distance where q and k are zero: column T - 1 + n is the distance
/// n = key - query. [H, 2 T - 1]
Tensor score_bias(const PositionalEncoding& encoding, const Probe& probe);

/// The inner product of a rotated query at position 0 and a rotated key at position n, where both
/// are (1, ..., 1) / sqrt(d): 1 at n = 0, and everywhere for encodings that rotate nothing. [T]
Tensor rotation_decay(const PositionalEncoding& encoding, const Probe& probe);

/// What `score` adds at distance n (column T - 1 + n) to the product of a query and a key that are
/// both (1, ..., 1) / sqrt(d), unrotated, at scale 1. [H, 2 T - 1]
Tensor score_response(const PositionalEncoding& encoding, const Probe& probe);

/// How near two positions are to vectors of ones: the inner product of what `embed` adds, and, with
/// the mean over heads, of what `rotate` and `score` make of a query and a key that are both
/// (1, ..., 1) / sqrt(d), at scale 1. Row: query, column: key. [T, T]
Tensor proximity(const PositionalEncoding& encoding, const Probe& probe);

}  // namespace locus
