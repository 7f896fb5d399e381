// Whether a tokenizer gives back what it was given, of texts of any length.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "tokenizer/part_encoder.hpp"
#include "tokenizer/stream_decoder.hpp"

namespace locus::pipelines {

/// Compares a text with what its ids become, as both are read.
class RoundTrip {
 public:
  explicit RoundTrip(std::shared_ptr<const Tokenizer> tokenizer) : decoder_(std::move(tokenizer)) {}
  void add(std::string_view raw, std::span<const int32_t> ids);
  /// Whether all of it was the same; see `Tokenizer::round_trips`.
  bool finish();

 private:
  void compare(std::string_view decoded);

  StreamDecoder decoder_;
  std::string raw_;  // that nothing was decoded for yet
  bool same_ = true;
};

/// Of a whole text, which may be long; for `check` see EncodeOptions.
bool round_trips(const std::shared_ptr<const Tokenizer>& tokenizer, const ReadOn& read,
                 const std::function<void()>& check);

/// Bytes in lines that the tokenizer does not give back as they were.
int64_t lossy_bytes(const std::shared_ptr<const Tokenizer>& tokenizer, const ReadOn& read,
                    const std::function<void()>& check);

}  // namespace locus::pipelines
