#include "tokenizer/pipeline/pipeline.hpp"

#include <algorithm>
#include <utility>

#include "base/float_environment.hpp"
#include "tokenizer/text/replacing.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

// The reference's `clean_up_tokenization`, in its order.
constexpr std::pair<std::string_view, std::string_view> artifacts[] = {
    {" .", "."},     {" ?", "?"},   {" !", "!"},   {" ,", ","},     {" ' ", "'"},
    {" n't", "n't"}, {" 'm", "'m"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};

// What a run collects: tokens with their origins, or ids alone.
struct Tokens {
  static constexpr Alignment alignment = Alignment::bytes;
  std::vector<TextToken> all;
  int32_t words = 0;  // so far

  void add_whole(int32_t id, const AlignedText& text, Range range) {
    all.push_back({id, text.origin(range.begin, range.end), words++});
  }
  void add(const Words& cut, const std::vector<Piece>& pieces) {
    all.reserve(all.size() + pieces.size());
    std::size_t word = 0;
    for (const auto& [id, range] : pieces) {
      cut.text.watch().spend(range.end - range.begin);
      while (word + 1 < cut.ranges.size() && range.begin >= cut.ranges[word].end) ++word;
      all.push_back(
          {id, cut.text.origin(range.begin, range.end), words + static_cast<int32_t>(word)});
    }
    words += static_cast<int32_t>(cut.ranges.size());
  }
};

struct Ids {
  static constexpr Alignment alignment = Alignment::none;
  std::vector<int32_t> all;

  void add_whole(int32_t id, const AlignedText&, Range) { all.push_back(id); }
  void add(const Words&, const std::vector<Piece>& pieces) {
    all.reserve(all.size() + pieces.size());
    for (const Piece& piece : pieces) all.push_back(piece.id);
  }
};

// One text on its way through a pipeline.
template <class Output>
class Run {
 public:
  explicit Run(const Pipeline& pipeline) : pipeline_(pipeline) {}

  auto operator()(std::string_view text, Watch& watch) {
    const AlignedText whole(text, Output::alignment, watch);
    for (const auto [range, token] : pipeline_.added.split_raw(whole)) {
      watch.spend(range.end - range.begin);
      if (token) {
        output_.add_whole(token->id, whole, range);
      } else {
        normalize(whole.part(range.begin, range.end));
      }
    }
    return std::move(output_.all);
  }

 private:
  void normalize(AlignedText text) {
    if (pipeline_.normalizer) pipeline_.normalizer->normalize(text);
    if (!pipeline_.added.any_normalized()) return cut(std::move(text));
    const auto stretches = pipeline_.added.split_normalized(text);
    if (stretches.size() == 1 && !stretches.front().token) return cut(std::move(text));
    for (const auto [range, token] : stretches) {
      if (token) {
        output_.add_whole(token->id, text, range);
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
    pipeline_.model->tokenize(words.text, words.ranges, pieces);
    output_.add(words, pieces);
  }

  const Pipeline& pipeline_;
  Output output_;
};

}  // namespace

std::vector<TextToken> Pipeline::tokenize(std::string_view text, Watch& watch) const {
  require_utf8(text);
  const DefaultFloats floats;
  return Run<Tokens>(*this)(text, watch);
}

std::vector<int32_t> Pipeline::ids(std::string_view text, Watch& watch) const {
  require_utf8(text);
  const DefaultFloats floats;
  return Run<Ids>(*this)(text, watch);
}

std::string Pipeline::join(std::span<const int32_t> ids, const DecodeOptions& options) const {
  Watch watch(options.check);
  std::vector<std::string> tokens;
  tokens.reserve(ids.size());
  for (const int32_t id : ids) {
    const std::string_view spelling = decoded_token(id);
    const bool known = !spelling.empty() || (decoded ? decoded : vocabulary)->has(id);
    const bool left_out = options.skip_special && added.is_special(spelling);
    watch.spend(spelling.size() + 8);
    if (known && !left_out) tokens.emplace_back(spelling);
  }
  decoder->decode(tokens, watch);
  std::string text;
  for (const std::string& token : tokens) text += token;
  return text;
}

std::string Pipeline::clean(std::string text, const std::function<void()>& check) const {
  if (!cleans_spaces) return text;
  for (const auto& [from, to] : artifacts) {
    if (check) check();
    replace_all(text, from, to);
  }
  return text;
}

std::string_view Pipeline::token(int32_t id) const {
  const AddedToken* token = added.find(id);
  return token ? std::string_view(token->content) : vocabulary->token(id);
}

std::string_view Pipeline::decoded_token(int32_t id) const {
  const AddedToken* token = added.find(id);
  if (token && (!decoded || decoded->token(id) == token->content)) return token->content;
  return decoded ? decoded->token(id) : vocabulary->token(id);
}

std::optional<int32_t> Pipeline::id(std::string_view token) const {
  const auto found = added.id(token);
  return found ? found : vocabulary->id(token);
}

int64_t Pipeline::size() const { return std::max(vocabulary->size(), added.largest_id() + 1); }

}  // namespace locus::tokenization
