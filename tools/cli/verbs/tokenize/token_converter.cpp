#include "tools/cli/verbs/tokenize/token_converter.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "base/json/json_text.hpp"
#include "base/utf8.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/terminal/terminal.hpp"
#include "tools/cli/verbs/tokenize/long_text.hpp"

namespace locus::cli {
namespace {

using detail::append_json;
using detail::append_list;
using detail::append_number;

constexpr size_t read_at_once = size_t{1} << 20;

std::string to_json(const EncodedText& encoding) {
  std::string text = "{\"ids\":";
  const auto number = [&](auto value) { append_number(text, value); };
  append_list(text, encoding.ids, number);
  text += ",\"tokens\":";
  append_list(text, encoding.tokens, [&](const auto& token) { append_json(text, token); });
  text += ",\"offsets\":";
  append_list(text, encoding.offsets, [&](const auto& span) { append_span(text, span); });
  text += ",\"type_ids\":";
  append_list(text, encoding.type_ids, number);
  text += ",\"special\":";
  append_list(text, encoding.special, [&](uint8_t flag) { append_number(text, int{flag}); });
  text += '}';
  return text;
}

class Encoder final : public TokenConverter {
 public:
  Encoder(std::shared_ptr<const Tokenizer> tokenizer, const EncoderOptions& options)
      : tokenizer_(std::move(tokenizer)), pair_(options.pair) {
    encode_.special = options.special;
  }

  std::string json(const std::string& who, const std::string& text) const override {
    return to_json(encode(who, text));
  }
  std::string json_of(const detail::JsonPlace& input) const override {
    if (!input.value().is_string()) input.refuse("a JSON string");
    return json(input.where(), input.value().get_ref<const std::string&>());
  }
  std::string table(const std::string& who, const std::string& text) const override {
    const auto encoding = encode(who, text);
    Table table({right("id"), left("token"), left("bytes"), right("type"), left("")});
    for (size_t i = 0; i < encoding.ids.size(); ++i) {
      const auto& span = encoding.offsets[i];
      table.add({std::to_string(encoding.ids[i]), visible(encoding.tokens[i]),
                 span ? std::to_string(span->begin) + "-" + std::to_string(span->end) : "",
                 std::to_string(encoding.type_ids[i]), encoding.special[i] ? "added" : ""});
    }
    return table.text(terminal_width());
  }
  void print_line(const LongInput& input) const override {
    if (!pair_.empty()) return TokenConverter::print_line(input);
    print_long_line(tokenizer_, encode_, input);
  }
  Printer make_json(const LongInput& input) const override {
    if (!pair_.empty()) return TokenConverter::make_json(input);
    return make_long_json(tokenizer_, encode_, input);
  }
  std::string line(const std::string& who, const std::string& text) const override {
    std::string line;
    for (const auto id : encode_ids(who, text)) {
      if (!line.empty()) line += ',';
      append_number(line, id);
    }
    line += '\n';
    return line;
  }

 private:
  EncodedText encode(const std::string& who, const std::string& text) const {
    utf8::require_utf8(text, who);
    return pair_.empty() ? tokenizer_->encode(text, encode_)
                         : tokenizer_->encode_pair(text, pair_, encode_);
  }

  // Without token strings and offsets, where there is a way.
  std::vector<int32_t> encode_ids(const std::string& who, const std::string& text) const {
    if (!pair_.empty()) return encode(who, text).ids;
    utf8::require_utf8(text, who);
    return tokenizer_->encode_ids(text, encode_);
  }

  std::shared_ptr<const Tokenizer> tokenizer_;
  std::string pair_;
  EncodeOptions encode_;
};

class Decoder final : public TokenConverter {
 public:
  Decoder(std::shared_ptr<const Tokenizer> tokenizer, const DecodeOptions& options)
      : tokenizer_(std::move(tokenizer)), decode_(options) {}

  std::string json(const std::string& who, const std::string& ids) const override {
    return document(decode(who, parse_ids(who, ids)));
  }
  std::string json_of(const detail::JsonPlace& input) const override {
    if (!input.value().is_array()) input.refuse("a JSON array of ids");
    std::vector<int32_t> ids;
    for (const detail::JsonPlace& place : input.items()) {
      const int64_t id = place.integer();
      if (id < 0 || id >= tokenizer_->size()) refuse_id(place.where(), id);
      ids.push_back(static_cast<int32_t>(id));
    }
    return document(decode(input.where(), ids));
  }
  std::string table(const std::string& who, const std::string& ids) const override {
    return line(who, ids);
  }
  std::string line(const std::string& who, const std::string& ids) const override {
    return decode(who, parse_ids(who, ids)) + "\n";
  }

 private:
  static std::string document(const std::string& decoded) {
    std::string text = "{\"text\":";
    append_json(text, decoded);
    return text + "}";
  }
  [[noreturn]] void refuse_id(const std::string& who, int64_t id) const {
    throw Error(who, "ids from 0 to " + std::to_string(tokenizer_->size() - 1), std::to_string(id));
  }
  std::string decode(const std::string& who, const std::vector<int32_t>& ids) const {
    for (const int32_t id : ids) {
      if (id < 0 || id >= tokenizer_->size()) refuse_id(who, id);
    }
    return tokenizer_->decode(ids, decode_);
  }

  std::shared_ptr<const Tokenizer> tokenizer_;
  DecodeOptions decode_;
};

std::string whole(const LongInput& input) {
  std::string text;
  for (std::string part = input.read(read_at_once); !part.empty();) {
    text += part;
    expect_length(input.who, text.size());
    part = input.read(read_at_once);
  }
  return text;
}

}  // namespace

void append_span(std::string& text, const std::optional<Span>& span) {
  if (!span) {
    text += "null";
    return;
  }
  text += '[';
  append_number(text, span->begin);
  text += ',';
  append_number(text, span->end);
  text += ']';
}

void TokenConverter::print_line(const LongInput& input) const {
  print(line(input.who, whole(input)));
}

Printer TokenConverter::make_json(const LongInput& input) const {
  return [text = json(input.who, whole(input))] { print(text); };
}

std::unique_ptr<TokenConverter> make_encoder(std::shared_ptr<const Tokenizer> tokenizer,
                                             const EncoderOptions& options) {
  return std::make_unique<Encoder>(std::move(tokenizer), options);
}

std::unique_ptr<TokenConverter> make_decoder(std::shared_ptr<const Tokenizer> tokenizer,
                                             const DecodeOptions& options) {
  return std::make_unique<Decoder>(std::move(tokenizer), options);
}

}  // namespace locus::cli
