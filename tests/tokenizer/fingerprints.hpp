// What goldens keep of an encoded text: fingerprints, as tools/golden/tokenizer_goldens.py writes
// them.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "support.hpp"

namespace locus::tests {

inline uint32_t fingerprint(std::string_view bytes) {  // FNV-1a
  uint32_t value = 0x811C9DC5u;
  for (const char byte : bytes) value = (value ^ static_cast<unsigned char>(byte)) * 0x01000193u;
  return value;
}

inline uint32_t fingerprint(const std::vector<int32_t>& values) {
  std::string bytes;
  for (const int32_t value : values) {
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift & 0xFF);
  }
  return fingerprint(bytes);
}

inline std::string hexadecimal(uint32_t value, int digits) {
  std::string text;
  for (int i = digits; i-- > 0;) text += "0123456789abcdef"[value >> (4 * i) & 15];
  return text;
}

inline std::vector<int32_t> layout_of(const EncodedText& encoded) {
  std::vector<int32_t> layout;
  for (std::size_t i = 0; i < encoded.ids.size(); ++i) {
    const Span span = encoded.offsets[i].value_or(Span{-1, -1});
    layout.insert(layout.end(), {encoded.type_ids[i], encoded.words[i],
                                 static_cast<int32_t>(span.begin), static_cast<int32_t>(span.end)});
  }
  return layout;
}

inline std::vector<std::string> golden_texts(const std::string& name) {
  std::vector<std::string> texts;
  std::istringstream lines(read_text(source_path("tests/goldens/tokenizers/" + name + ".jsonl")));
  for (std::string line; std::getline(lines, line);) {
    texts.push_back(Json::parse(line).get<std::string>());
  }
  return texts;
}

// Spans lie on code points, and in order unless normalization reorders marks.
inline bool spans_are_sane(const std::string& text, const EncodedText& encoded, bool ordered) {
  const auto on_boundary = [&](int64_t at) {
    const auto size = static_cast<int64_t>(text.size());
    return at == size ||
           (at >= 0 && at < size &&
            (static_cast<unsigned char>(text[static_cast<std::size_t>(at)]) & 0xC0) != 0x80);
  };
  int64_t begin = 0;
  for (const auto& span : encoded.offsets) {
    if (!span) continue;
    if ((ordered && span->begin < begin) || span->end < span->begin) return false;
    if (!on_boundary(span->begin) || !on_boundary(span->end)) return false;
    begin = span->begin;
  }
  return true;
}

}  // namespace locus::tests
