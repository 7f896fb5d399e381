// What T5, mT5 and UMT5 share: two stacks with biases by distance. Names: transformers'
// modeling_t5.
#pragma once

#include <string>

#include "models/families/family.hpp"

namespace locus::families {

/// What a family fixes, and the defaults of its config class.
struct T5Style {
  std::string family;   ///< `model_type`
  std::string classes;  ///< what the names of its classes begin with
  int64_t vocabulary = 250112;
  int64_t ffn_width = 1024;
  int64_t layers = 8;
  int64_t heads = 6;
  std::string feed_forward = "gated-gelu";
  bool tied = true;            ///< whether embeddings and head are one
  bool bias_by_layer = false;  ///< whether each layer has its own table
};

FamilyGraph build_t5_stacks(const T5Style& style, const Config& config, const Weights& weights);

}  // namespace locus::families
