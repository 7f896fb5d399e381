// From a text to ids, or from ids to a text.
#pragma once

#include <memory>
#include <string>

#include "tokenizer/tokenizer.hpp"
#include "tools/cli/output/output.hpp"

namespace locus::cli {

/// One direction of a tokenizer. `who` names the input in errors.
class TokenConverter {
 public:
  virtual ~TokenConverter() = default;
  /// A JSON document, as text: a long input has many.
  virtual std::string json(const std::string& who, const std::string& input) const = 0;
  /// Of an input that is JSON itself: a string, or an array of ids.
  virtual std::string json_of(const std::string& who, const Json& input) const = 0;
  virtual std::string table(const std::string& who, const std::string& input) const = 0;
  virtual std::string line(const std::string& who, const std::string& input) const = 0;
};

struct EncoderOptions {
  std::string pair;  ///< joined to every text; empty: none
  bool special = true;
};

std::unique_ptr<TokenConverter> make_encoder(std::shared_ptr<const Tokenizer> tokenizer,
                                             const EncoderOptions& options);
std::unique_ptr<TokenConverter> make_decoder(std::shared_ptr<const Tokenizer> tokenizer,
                                             const DecodeOptions& options);

}  // namespace locus::cli
