// What there is to see of an encoding, as matrices.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "../engine/position_probe.hpp"
#include "../engine/scheme.hpp"
#include "../models/model.hpp"

namespace locus {

/// An encoding and the sizes at which it is looked at.
struct PositionSubject {
  std::string name;  ///< in the model's table of encodings; empty for a scheme
  std::string text;  ///< `rope:base=1000`
  std::shared_ptr<const PositionalEncoding> encoding;  ///< not null
  Probe probe;
  bool untrained = false;
};

/// A scheme, or a chain of them, with weights in their seeded initial state. Throws Error for a
/// text that is none, for sizes that the scheme cannot have, and for matrices of more than 2^28
/// values. `own`: the program's own schemes.
PositionSubject subject_of_scheme(const std::string& text, const Probe& probe,
                                  std::span<const Scheme> own = {});
/// The encodings of a model, of which none is `none`, at its own sizes.
std::vector<PositionSubject> subjects_of_model(const Model& model, int64_t length);

/// What it adds to token vectors, or (1, ..., 1) / sqrt(d) rotated as a key, or as a query where
/// keys stay; empty for neither. [T, D]
Tensor rows_of(const PositionSubject& subject);
/// Inner products of what it adds, or of (1, ..., 1) / sqrt(d) rotated as a query (rows) and as a
/// key (columns); empty for neither. Throws Error for more than 32,768 positions. [T, T]
Tensor products_of(const PositionSubject& subject);
/// What it adds to scores by head and distance; empty for nothing. [H, 2 T - 1]
Tensor bias_of(const PositionSubject& subject);
/// What it adds to the score of unit vectors; empty for nothing, and where `bias_of` is not.
/// [H, 2 T - 1]
Tensor response_of(const PositionSubject& subject);
/// Inner product of rotated unit vectors by distance; empty where nothing is rotated. [T]
Tensor decay_of(const PositionSubject& subject);

/// Matrices of an encoding; those that say nothing about it are empty.
struct EncodingMatrices {
  bool adds = false;     ///< to token vectors: `rows` are what it adds
  bool rotates = false;  ///< queries and keys
  Tensor rows, inner_products, bias, response, decay;  ///< as the functions above give them
};
EncodingMatrices matrices_of(const PositionSubject& subject);
/// `matrices_of` without the inner products, whose number is the square of the length.
EncodingMatrices small_matrices_of(const PositionSubject& subject);

}  // namespace locus
