#include "base/error.hpp"
#include "tokenizer/json/components.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

DecoderPointer read_metaspace(const Json& json) {
  const bool added = bool_or(json, "add_prefix_space", true);
  const std::string scheme = string_or(json, "prepend_scheme", added ? "always" : "never");
  return metaspace_decoder(string_or(json, "replacement", "\u2581"), scheme != "never");
}

DecoderPointer read_strip_decoder(const Json& json) {
  const std::string content = string_at(json, "content");
  require_utf8(content);
  if (content.empty() || code_point(content, 0).size != content.size()) {
    throw Error("Strip.content", "one character", "'" + content + "'");
  }
  const auto count = [&](std::string_view key) {
    return static_cast<std::size_t>(std::max<int64_t>(integer_or(json, key, 0), 0));
  };
  return strip_decoder({code_point(content, 0).value, count("start"), count("stop")});
}

DecoderPointer read_decoder_sequence(const Json& json) {
  std::vector<DecoderPointer> steps;
  for (const Json& step : array_at(json, "decoders")) steps.push_back(decoder_from(step));
  return decoder_sequence(std::move(steps));
}

}  // namespace

DecoderPointer decoder_from(const Json& json) {
  if (json.is_null()) return spacing_decoder();
  const std::string type = string_at(json, "type");
  if (type == "WordPiece") {
    return word_piece_decoder(string_or(json, "prefix", "##"), bool_or(json, "cleanup", true));
  }
  if (type == "ByteLevel") return byte_level_decoder();
  if (type == "ByteFallback") return byte_fallback_decoder();
  if (type == "Metaspace") return read_metaspace(json);
  if (type == "Replace") return replace_decoder(pattern_from(json), string_at(json, "content"));
  if (type == "Fuse") return fuse_decoder();
  if (type == "Strip") return read_strip_decoder(json);
  if (type == "BPEDecoder") return suffix_decoder(string_or(json, "suffix", "</w>"));
  if (type == "Sequence") return read_decoder_sequence(json);
  fail_unknown("decoder", type);
}

}  // namespace locus::tokenization
