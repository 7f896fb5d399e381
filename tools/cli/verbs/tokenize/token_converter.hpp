// From a text to ids, or from ids to a text.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/json/json.hpp"
#include "tokenizer/part_encoder.hpp"

namespace locus::cli {

/// An input that is too long to be held.
struct LongInput {
  std::string who;
  ReadOn read;
};

/// Prints what was made, wherever it is kept.
using Printer = std::function<void()>;

/// One direction of a tokenizer. `who` names the input in errors.
class TokenConverter {
 public:
  virtual ~TokenConverter() = default;
  /// A JSON document, as text: a long input has many.
  virtual std::string json(const std::string& who, const std::string& input) const = 0;
  /// Of an input that is JSON itself: a string, or an array of ids.
  virtual std::string json_of(const detail::JsonPlace& input) const = 0;
  virtual std::string table(const std::string& who, const std::string& input) const = 0;
  virtual std::string line(const std::string& who, const std::string& input) const = 0;

  /// Prints `line` of a long input. The whole is held, unless a converter knows better.
  virtual void print_line(const LongInput& input) const;
  /// Prints `json` of it, once that is known to be without an error.
  virtual Printer make_json(const LongInput& input) const;
};

/// As JSON: `[begin,end]`, or `null`.
void append_span(std::string& text, const std::optional<Span>& span);

struct EncoderOptions {
  std::string pair;  ///< joined to every text; empty: none
  bool special = true;
};

std::unique_ptr<TokenConverter> make_encoder(std::shared_ptr<const Tokenizer> tokenizer,
                                             const EncoderOptions& options);
std::unique_ptr<TokenConverter> make_decoder(std::shared_ptr<const Tokenizer> tokenizer,
                                             const DecodeOptions& options);

}  // namespace locus::cli
