// What a tokenizer puts around one text or two.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace locus::tokenization {

struct TemplateItem {
  enum class Kind { special, first, second };
  Kind kind;
  int32_t type_id = 0;
  int32_t id = 0;     // of a special token
  bool once = false;  // left out after a text that ends in it
};

/// The reference's TemplateProcessing; the other post-processors are instances of it.
struct Template {
  using Kind = TemplateItem::Kind;
  std::vector<TemplateItem> single{{Kind::first, 0}};
  std::vector<TemplateItem> pair{{Kind::first, 0}, {Kind::second, 1}};
};

/// Byte-level BPE's tokens begin with the space before a word; with this their offsets do not.
struct OffsetTrimming {
  bool prefix_space;  // the tokenizer itself may have put a space before the text
};

struct PostProcessing {
  Template arrangement;
  std::optional<OffsetTrimming> trimming;
  bool favours_first = false;  // where two texts are cut alike, the odd token is the first one's
};

}  // namespace locus::tokenization
