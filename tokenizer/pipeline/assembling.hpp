// From the tokens of one text or two to an encoded text.
#pragma once

#include <string_view>
#include <vector>

#include "tokenizer/pipeline/pipeline.hpp"

namespace locus::tokenization {

/// One input of an encoded text.
struct Input {
  std::string_view text;
  std::vector<TextToken> tokens;
};

/// How many tokens of one text or two.
struct TokenCounts {
  std::size_t first = 0, second = 0;
};

/// How many tokens are kept so that, with the template's, they fit `options.max_length`: the longer
/// text is cut first. Throws `Error` when the template alone does not fit.
TokenCounts kept_tokens(TokenCounts all, const PostProcessing& processing, bool two,
                        const EncodeOptions& options);

inline int32_t id_of(const TextToken& token) { return token.id; }
inline int32_t id_of(int32_t id) { return id; }

/// Whether a special token that stands once is the end of the text before it.
template <class Token>
bool is_there(const TemplateItem& special, const std::vector<Token>& text) {
  return special.once && !text.empty() && id_of(text.back()) == special.id;
}

/// Cuts the tokens of a text on the side that the tokenizer cuts.
template <class Token>
void keep(const Pipeline& pipeline, std::vector<Token>& tokens, std::size_t count) {
  const auto surplus = static_cast<std::ptrdiff_t>(tokens.size() - count);
  if (pipeline.cuts_left) {
    tokens.erase(tokens.begin(), tokens.begin() + surplus);
  } else {
    tokens.erase(tokens.end() - surplus, tokens.end());
  }
}

/// Moves the ends of byte-level tokens inwards, past white space.
void trim_offsets(const Pipeline& pipeline, Input& input, Watch& watch);

/// Places the inputs, one or two, into the template.
EncodedText assemble(const Pipeline& pipeline, std::vector<Input> inputs,
                     const EncodeOptions& options, Watch& watch);

}  // namespace locus::tokenization
