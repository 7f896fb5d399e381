// What the original Transformer, BART, mBART, Marian and Pegasus share: two stacks of layers.

#pragma once

#include <string>

#include "models/families/parts/decoder_shift.hpp"
#include "models/families/parts/graph_builder.hpp"

namespace locus::families {

/// What a family fixes, whatever its config says.
struct SequenceStyle {
  std::string family;               ///< `model_type`
  std::string bare, headed;         ///< the classes without a head and with the usual one
  bool classifies = false;          ///< whether classes for sequences and answers exist
  SchemeChoice positions;           ///< `learned` with its offset, or `sinusoidal`
  int64_t vocabulary = 50265;       ///< the class default
  std::string activation = "gelu";  ///< the class default
  bool scaled = false;              ///< the class default of `scale_embedding`
  bool norm_first = false;          ///< pre-norm layers (`normalize_before`)
  bool embedding_norm = false;      ///< a norm of the embeddings (`normalize_embedding`)
  /// What the decoder reads in classes that classify texts or answer questions.
  Attributes (*shift)(const Config& config) = shift_after_start;
  bool last_norm = false;      ///< a norm after each stack (`add_final_layer_norm`)
  bool skips_padding = false;  ///< whether rows of the padding id have no position and do not count
  /// Whether `shared` is what 4.49 reads of several stored copies of the table; else the last.
  bool reads_shared = true;
};

/// Sizes of one stack.
struct StackSizes {
  int64_t layers, heads, ffn_width;
};

/// Sizes and values of BART-like configs. Throws Error where the config contradicts the style.
struct SequenceConfig {
  SequenceConfig(const Config& config, const SequenceStyle& style);

  int64_t vocabulary, width, context;
  StackSizes encoder, decoder;
  double scale;  ///< of token vectors, before positions are added
  std::string activation;
  int64_t decoder_vocabulary;  ///< another where the tables are not shared
  bool shared_tables = true;   ///< whether both stacks have one table
};

FamilyGraph build_encoder_decoder(const SequenceConfig& sizes, const SequenceStyle& style,
                                  const Config& config, const Weights& weights);

}  // namespace locus::families
