#include "tools/cli/verbs/tokenize/long_text.hpp"

#include <array>
#include <string>

#include "base/json/json_text.hpp"
#include "tools/cli/input/nameless_file.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/terminal.hpp"

namespace locus::cli {
namespace {

using detail::append_json;
using detail::append_number;

constexpr size_t print_at_once = size_t{1} << 16;

/// One token, with its entry of each list in the JSON document.
struct TokenRow {
  int32_t id = 0;
  std::string token;
  std::optional<Span> offsets;
  int32_t type_id = 0;
  bool special = false;
};

/// Calls `take(token)` for every token of the text and those that the tokenizer adds around it.
template <typename Take>
void for_each_token(const std::shared_ptr<const Tokenizer>& tokenizer, const EncodeOptions& options,
                    const LongInput& input, const Take& take) {
  const EncodedText frame = tokenizer->encode("a", options);
  const auto added = [&](size_t i) {
    take(TokenRow{frame.ids[i], frame.tokens[i], {}, frame.type_ids[i], true});
  };
  size_t at = 0;
  for (; at < frame.ids.size() && frame.special[at]; ++at) added(at);
  const int32_t type_id = at < frame.ids.size() ? frame.type_ids[at] : 0;
  PartEncoder encoder(tokenizer, input.read, {.who = input.who, .check = check_interruption});
  while (const auto part = encoder.next()) {
    check_interruption();
    for (size_t i = 0; i < part->ids.size(); ++i) {
      const auto& [begin, end] = part->offsets[i];
      take(TokenRow{part->ids[i], tokenizer->token(part->ids[i]),
                    Span{part->begin + begin, part->begin + end}, type_id, false});
    }
  }
  while (at < frame.ids.size() && !frame.special[at]) ++at;
  for (; at < frame.ids.size(); ++at) added(at);
}

/// A list of JSON that grows: all but its end is in a temporary file.
class LongList {
 public:
  /// The text to which the next item is to be appended.
  std::string& item() {
    if (text_.size() >= print_at_once) {
      file_.add(text_);
      text_.clear();
    }
    if (!empty_) text_ += ',';
    empty_ = false;
    return text_;
  }
  void print_all() const {
    size_t at = 0;
    for (std::string part = file_.read(at, print_at_once); !part.empty();) {
      print(part);
      at += part.size();
      part = file_.read(at, print_at_once);
    }
    print(text_);
  }

 private:
  NamelessFile file_;
  std::string text_;
  bool empty_ = true;
};

struct Lists {
  LongList ids, tokens, offsets, type_ids, special;

  void add(const TokenRow& row) {
    append_number(ids.item(), row.id);
    append_json(tokens.item(), row.token);
    append_span(offsets.item(), row.offsets);
    append_number(type_ids.item(), row.type_id);
    append_number(special.item(), int{row.special});
  }
  void print_all() const {
    using Named = std::pair<const char*, const LongList*>;
    for (const auto& [opening, list] :
         std::array{Named{"{\"ids\":[", &ids}, Named{"],\"tokens\":[", &tokens},
                    Named{"],\"offsets\":[", &offsets}, Named{"],\"type_ids\":[", &type_ids},
                    Named{"],\"special\":[", &special}}) {
      print(opening);
      list->print_all();
    }
    print("]}");
  }
};

}  // namespace

void print_long_line(const std::shared_ptr<const Tokenizer>& tokenizer,
                     const EncodeOptions& options, const LongInput& input) {
  std::string ids;
  bool first = true;
  for_each_token(tokenizer, options, input, [&](const TokenRow& row) {
    if (!first) ids += ',';
    first = false;
    append_number(ids, row.id);
    if (ids.size() < print_at_once) return;
    print(ids);
    ids.clear();
  });
  print(ids + "\n");
}

Printer make_long_json(const std::shared_ptr<const Tokenizer>& tokenizer,
                       const EncodeOptions& options, const LongInput& input) {
  const auto lists = std::make_shared<Lists>();
  for_each_token(tokenizer, options, input, [&](const TokenRow& row) { lists->add(row); });
  return [lists] { lists->print_all(); };
}

}  // namespace locus::cli
