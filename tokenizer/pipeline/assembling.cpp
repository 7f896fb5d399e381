#include "tokenizer/pipeline/assembling.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "tokenizer/text/byte_spelling.hpp"
#include "tokenizer/text/unicode.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

using ItemKind = TemplateItem::Kind;

int64_t added_by(const std::vector<TemplateItem>& items) {
  return std::count_if(items.begin(), items.end(),
                       [](const TemplateItem& item) { return item.kind == ItemKind::special; });
}

// The reference's strategy `longest_first`: the shorter text is kept whole while the longer one is
// longer; then both share the room, the longer one getting the odd token, or always the first.
void share_room(std::size_t room, TokenCounts& all, bool favours_first) {
  const bool first_is_longer = all.first > all.second;
  std::size_t& shorter = first_is_longer ? all.second : all.first;
  std::size_t& longer = first_is_longer ? all.first : all.second;
  longer = shorter > room ? shorter : std::max(shorter, room - shorter);
  if (shorter + longer > room) {
    shorter = longer = room / 2;
    (favours_first ? all.first : longer) += room % 2;
  }
}

bool is_space_at(std::string_view text, int64_t at) {
  return is_white_space(code_point(text, static_cast<std::size_t>(at)).value);
}

struct Spaces {
  std::size_t leading = 0, trailing = 0;
};

Spaces spaces_of(std::string_view spelling) {
  const std::string bytes = spelled_bytes(spelling).value_or(std::string(spelling));
  const auto space = [](char c) { return c == ' '; };
  const auto first = std::find_if_not(bytes.begin(), bytes.end(), space);
  const auto last = std::find_if_not(bytes.rbegin(), bytes.rend(), space);
  return {static_cast<std::size_t>(first - bytes.begin()),
          static_cast<std::size_t>(last - bytes.rbegin())};
}

void trim(std::string_view text, Spaces spaces, Span& span) {
  for (; spaces.leading > 0 && span.begin < span.end && is_space_at(text, span.begin);
       --spaces.leading) {
    span.begin += static_cast<int64_t>(code_point(text, static_cast<std::size_t>(span.begin)).size);
  }
  for (; spaces.trailing > 0 && span.begin < span.end; --spaces.trailing) {
    const auto at = static_cast<int64_t>(previous(text, static_cast<std::size_t>(span.end)));
    if (!is_space_at(text, at)) break;
    span.end = at;
  }
}

class Assembler {
 public:
  Assembler(const Pipeline& pipeline, std::size_t size, Watch& watch)
      : pipeline_(pipeline), watch_(watch) {
    encoded_.ids.reserve(size);
    encoded_.tokens.reserve(size);
    encoded_.offsets.reserve(size);
    encoded_.type_ids.reserve(size);
    encoded_.special.reserve(size);
    encoded_.words.reserve(size);
    encoded_.sequences.reserve(size);
  }

  void add_special(const TemplateItem& item) {
    add(item.id, item.type_id);
    encoded_.offsets.push_back(std::nullopt);
    encoded_.special.push_back(1);
    encoded_.words.push_back(-1);
    encoded_.sequences.push_back(-1);
  }

  void add_tokens(const Input& input, const TemplateItem& item) {
    for (const TextToken& token : input.tokens) {
      add(token.id, item.type_id);
      encoded_.offsets.emplace_back(token.origin);
      encoded_.special.push_back(0);
      encoded_.words.push_back(token.word);
      encoded_.sequences.push_back(item.kind == ItemKind::second ? 1 : 0);
    }
  }

  EncodedText take() { return std::move(encoded_); }

 private:
  void add(int32_t id, int32_t type_id) {
    watch_.spend(Watch::bytes_per_token);
    encoded_.ids.push_back(id);
    encoded_.tokens.emplace_back(pipeline_.token(id));
    encoded_.type_ids.push_back(type_id);
  }

  const Pipeline& pipeline_;
  Watch& watch_;
  EncodedText encoded_;
};

}  // namespace

TokenCounts kept_tokens(TokenCounts all, const PostProcessing& processing, bool two,
                        const EncodeOptions& options) {
  if (!options.max_length) return all;
  const Template& arrangement = processing.arrangement;
  const int64_t added = options.special ? added_by(two ? arrangement.pair : arrangement.single) : 0;
  if (*options.max_length < added) {
    throw Error("max_length", "at least " + std::to_string(added) + ", which the template adds",
                std::to_string(*options.max_length));
  }
  const auto room = static_cast<std::size_t>(*options.max_length - added);
  if (all.first + all.second > room) share_room(room, all, processing.favours_first);
  return all;
}

void trim_offsets(const Pipeline& pipeline, Input& input, Watch& watch) {
  const auto trimming = pipeline.post_processing.trimming;
  if (!trimming) return;
  for (std::size_t i = 0; i < input.tokens.size(); ++i) {
    watch.spend(Watch::bytes_per_token);
    TextToken& token = input.tokens[i];
    const bool first = i == 0 || token.origin.begin == 0;
    Spaces spaces;
    if (pipeline.added.find(token.id)) {
      const auto all = static_cast<std::size_t>(token.origin.end - token.origin.begin);
      spaces = {all, all};
    } else {
      spaces = spaces_of(pipeline.token(token.id));
    }
    // One space at the beginning may be the tokenizer's own.
    if (first && trimming->prefix_space && spaces.leading == 1) spaces.leading = 0;
    trim(input.text, spaces, token.origin);
  }
}

EncodedText assemble(const Pipeline& pipeline, std::vector<Input> inputs,
                     const EncodeOptions& options, Watch& watch) {
  const bool two = inputs.size() == 2;
  const auto& [single, pair] = pipeline.post_processing.arrangement;
  const std::vector<TemplateItem>& items = two ? pair : single;
  const TokenCounts all{inputs[0].tokens.size(), two ? inputs[1].tokens.size() : 0};
  const TokenCounts kept = kept_tokens(all, pipeline.post_processing, two, options);
  keep(pipeline, inputs[0].tokens, kept.first);
  if (two) keep(pipeline, inputs[1].tokens, kept.second);
  Assembler assembler(pipeline, kept.first + kept.second + items.size(), watch);
  const Input* before = nullptr;
  for (const TemplateItem& item : items) {
    const bool special = item.kind == ItemKind::special;
    if (!special) {
      before = &inputs[item.kind == ItemKind::second ? 1 : 0];
      assembler.add_tokens(*before, item);
    } else if (options.special && !(before && is_there(item, before->tokens))) {
      assembler.add_special(item);
    }
    if (special) before = nullptr;
  }
  EncodedText encoded = assembler.take();
  encoded.truncated = kept.first < all.first || kept.second < all.second;
  return encoded;
}

}  // namespace locus::tokenization
