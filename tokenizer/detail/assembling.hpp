// From the tokens of one text or two to an encoding.
#pragma once

#include <string_view>
#include <vector>

#include "tokenizer/detail/pipeline.hpp"

namespace locus::tokenization {

/// One input of an encoding.
struct Input {
  std::string_view text;
  std::vector<TextToken> tokens;
};

/// Cuts the tokens of one input or two from the right until, with the template's, they fit; true if
/// any were cut. Throws `Error` when the template alone does not fit.
bool truncate(std::vector<Input>& inputs, const Template& arrangement,
              const EncodeOptions& options);

/// Moves the ends of byte-level tokens inwards, past white space.
void trim_offsets(const Pipeline& pipeline, Input& input);

/// Places the inputs into the template.
Encoding assemble(const Pipeline& pipeline, const std::vector<Input>& inputs,
                  const EncodeOptions& options);

}  // namespace locus::tokenization
