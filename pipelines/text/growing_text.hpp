// Ids as they are generated, as text.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipelines/text/stop_text.hpp"
#include "tokenizer/stream_decoder.hpp"

namespace locus::pipelines {

/// Text of one prompt as it grows, up to a stop text. Without a tokenizer, the ids themselves.
class GrowingText {
 public:
  /// `before`: ids that the text goes on after; none where it stands by itself.
  GrowingText(std::shared_ptr<const Tokenizer> tokenizer, std::vector<std::string> stops,
              std::span<const int32_t> before);

  /// The text that became certain.
  std::string push(int32_t id);
  std::string finish();
  bool stopped() const { return stop_.found(); }
  /// All of it so far.
  const std::string& text() const { return text_; }

 private:
  std::string keep(std::string piece);

  std::optional<StreamDecoder> decoder_;
  StopText stop_;
  std::string text_;
};

}  // namespace locus::pipelines
