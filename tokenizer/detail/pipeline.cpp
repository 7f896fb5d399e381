#include "tokenizer/detail/pipeline.hpp"

#include <algorithm>
#include <utility>

#include "tokenizer/detail/text/replacing.hpp"
#include "tokenizer/detail/text/utf8.hpp"

namespace locus::tokenization {
namespace {

// The reference's `clean_up_tokenization`, in its order.
constexpr std::pair<std::string_view, std::string_view> artifacts[] = {
    {" .", "."},     {" ?", "?"},   {" !", "!"},   {" ,", ","},     {" ' ", "'"},
    {" n't", "n't"}, {" 'm", "'m"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};

// One text on its way through a pipeline.
class Run {
 public:
  Run(const Pipeline& pipeline, Alignment alignment) : pipeline_(pipeline), alignment_(alignment) {}

  std::vector<TextToken> tokens(std::string_view text) {
    for (const auto [range, token] : pipeline_.added.split_raw(text)) {
      if (token) {
        add({token->id, {to_signed(range.begin), to_signed(range.end)}, next_word_++});
      } else {
        normalize(text.substr(range.begin, range.end - range.begin), range.begin);
      }
    }
    return std::move(tokens_);
  }

 private:
  static int64_t to_signed(std::size_t value) { return static_cast<int64_t>(value); }

  void add(TextToken token) { tokens_.push_back(token); }

  void normalize(std::string_view source, std::size_t offset) {
    AlignedText text(source, offset, alignment_);
    if (pipeline_.normalizer) pipeline_.normalizer->normalize(text);
    if (!pipeline_.added.any_normalized()) return cut(std::move(text));
    for (const auto [range, token] : pipeline_.added.split_normalized(text.view())) {
      if (token) {
        add({token->id, text.origin(range.begin, range.end), next_word_++});
      } else {
        cut(text.part(range.begin, range.end));
      }
    }
  }

  void cut(AlignedText text) {
    const std::size_t size = text.view().size();
    if (size == 0) return;
    Words words{std::move(text), {{0, size}}};
    if (pipeline_.pre_tokenizer) pipeline_.pre_tokenizer->split(words);
    std::vector<Piece> pieces;
    pipeline_.model->tokenize(words.text.view(), words.ranges, pieces);
    number(words, pieces);
  }

  void number(const Words& words, const std::vector<Piece>& pieces) {
    tokens_.reserve(tokens_.size() + pieces.size());
    std::size_t word = 0;
    for (const Piece& piece : pieces) {
      while (word + 1 < words.ranges.size() && piece.begin >= words.ranges[word].end) ++word;
      const Span origin =
          alignment_ == Alignment::bytes ? words.text.origin(piece.begin, piece.end) : Span{};
      add({piece.id, origin, next_word_ + static_cast<int32_t>(word)});
    }
    next_word_ += static_cast<int32_t>(words.ranges.size());
  }

  const Pipeline& pipeline_;
  Alignment alignment_;
  std::vector<TextToken> tokens_;
  int32_t next_word_ = 0;
};

}  // namespace

std::vector<TextToken> Pipeline::tokenize(std::string_view text, Alignment alignment) const {
  require_utf8(text);
  return Run(*this, alignment).tokens(text);
}

std::vector<int32_t> Pipeline::ids(std::string_view text) const {
  const std::vector<TextToken> tokens = tokenize(text, Alignment::none);
  std::vector<int32_t> ids(tokens.size());
  std::transform(tokens.begin(), tokens.end(), ids.begin(), [](const auto& t) { return t.id; });
  return ids;
}

std::string Pipeline::join(std::span<const int32_t> ids, const DecodeOptions& options) const {
  std::vector<std::string> tokens;
  tokens.reserve(ids.size());
  for (const int32_t id : ids) {
    const std::string_view spelling = token(id);
    const bool known = !spelling.empty() || vocabulary->has(id);
    const bool left_out = options.skip_special && added.is_special(spelling);
    if (known && !left_out) tokens.emplace_back(spelling);
  }
  decoder->decode(tokens);
  std::string text;
  for (const std::string& token : tokens) text += token;
  return text;
}

std::string Pipeline::clean(std::string text) const {
  if (!cleans_spaces) return text;
  for (const auto& [from, to] : artifacts) replace_all(text, from, to);
  return text;
}

std::string_view Pipeline::token(int32_t id) const {
  const AddedToken* token = added.find(id);
  return token ? std::string_view(token->content) : vocabulary->token(id);
}

std::optional<int32_t> Pipeline::id(std::string_view token) const {
  const auto found = added.id(token);
  return found ? found : vocabulary->id(token);
}

int64_t Pipeline::size() const { return std::max(vocabulary->size(), added.largest_id() + 1); }

}  // namespace locus::tokenization
